import Responsibility

/// A packet of `tcpdump`, with or without a time, link-level addresses (`-e`), detail (`-v`) and bytes (`-x`, `-X`, `-A`).
///
///     12:00:00.123456 IP 10.9.0.1.40000 > 10.8.0.1.80: Flags [S], seq 1, win 64240, length 0
///
/// With `-v` an IPv4 packet has two lines, of which the first names its protocol. A packet that an ICMP error quotes is
/// none of its own. Source: tcpdump(1) and its print-ip.c and print-ip6.c.
struct TcpdumpLine {
    /// The IPv4 header of a line of `-v`, whose packet the next line is.
    private struct Header {
        var transport: TransportProtocol
        var isLaterFragment: Bool
    }

    /// What the packet that has begun still lacks.
    private enum Lack {
        case nothing
        /// Its ends, which stand on the next line.
        case ends(Header)
        /// Its IP header, behind the labels of MPLS.
        case header
    }

    private var lack = Lack.nothing
    /// Whether the last line that was understood belongs to a packet, so that what follows may be its bytes.
    private(set) var isInPacket = false
    /// Whether the next line is the packet in a tunnel, which VXLAN's is not indented.
    private var announcesInner = false
    /// Whether that packet was no IP packet.
    private var isOther = false
    /// Whether the bytes of packets are printed as text, which may look like anything.
    private var printsText = false

    /// A reader that has seen no line.
    init() {}

    /// Goes on behind packets of a line each that something else has read.
    mutating func passed() { (lack, announcesInner, isOther) = (.nothing, false, false) }

    /// What a line is; nil when it is not of this form.
    ///
    /// `raw` has the blanks in front, which tell what it is.
    mutating func read(_ line: Bytes, raw: Bytes, needs: FlowNeeds) throws(FlowLineError) -> FlowLine? {
        let isInner = announcesInner
        announcesInner = false
        if isInner, Self.beginsUntimed(line) { return .skipped(.continuation) }
        let isStart = raw.first != UInt8(ascii: "\t") && Self.beginsTimed(line) || Self.beginsUntimed(raw)
        guard isStart else { return try part(line, raw: raw, needs) ?? heading(line) }
        lack = .nothing
        guard let read = try packet(line, nil, needs) ?? start(line) else { return nil }
        isInPacket = true
        isOther = read == .skipped(.notIP)
        return read
    }

    /// The first line of a packet whose ends are not on it.
    private mutating func start(_ line: Bytes) -> FlowLine? {
        if let header = Self.header4(line) {
            lack = .ends(header)
        } else if line.last == UInt8(ascii: ")"), line.contains("MPLS (") {
            lack = .header
        } else {
            return Self.isNotIP(line) ? .skipped(.notIP) : nil
        }
        return .skipped(.continuation)
    }

    /// A line within a packet; nil when it is none.
    private mutating func part(_ line: Bytes, raw: Bytes, _ needs: FlowNeeds) throws(FlowLineError) -> FlowLine? {
        guard isInPacket else { return try piece(line, raw: raw, needs) }
        let missing = lack
        lack = .nothing
        switch missing {
        case .ends(let header): if let packet = try packet(line, header, needs) { return packet }
        case .header:
            if let packet = try packet(line, nil, needs) ?? start(line) { return packet }
        case .nothing: break
        }
        if raw.first == UInt8(ascii: "\t") || printsText { return .skipped(.continuation) }
        if raw.begins(with: "    ") { return Self.ends(of: line) == nil ? nil : .skipped(.continuation) }
        printsText = isOther ? Self.beginsOtherText(raw) : Self.beginsText(raw)
        return printsText ? .skipped(.continuation) : nil
    }

    /// A line of a packet whose first line is not there.
    private mutating func piece(_ line: Bytes, raw: Bytes, _ needs: FlowNeeds) throws(FlowLineError) -> FlowLine? {
        if raw.begins(with: "\t0x0000:") { return .skipped(.continuation) }
        guard raw.begins(with: "    "), let packet = try packet(line, nil, needs) else { return nil }
        isInPacket = true
        return packet
    }

    private mutating func packet(
        _ line: Bytes, _ header: Header?, _ needs: FlowNeeds
    ) throws(FlowLineError) -> FlowLine? {
        guard let (source, destination, text) = Self.ends(of: line) else { return nil }
        let header = header ?? Self.header6(line.part(0, line.count - text.count - destination.count))
        var from = try Endpoint(dotForm: source)
        var to = try Endpoint(dotForm: destination)
        var detail = Detail(text, transport: header?.transport)
        detail.take(&from, &to)
        let isLater = header?.isLaterFragment == true || detail.isLaterFragment
        if isLater || header == nil && from.port == nil && detail.isProtocolAlone { return .skipped(.fragment) }
        announcesInner = from.port != nil && detail.isTunnel
        guard let transport = detail.transport(hasPorts: from.port != nil && to.port != nil) else {
            throw FlowLineError(.transport, text.part(0, min(text.count, 16)))
        }
        if let (high, low) = detail.indexHalves, transport == .esp || transport == .ah {
            (from.port, to.port) = (high, low)
        }
        let ends = ((from.address, from.port), (to.address, to.port))
        var record = FlowRecord(
            flow: try Flow(transport: transport, from: ends.0, to: ends.1, line: line, needing: needs.ports),
            format: .tcpdump)
        record.packets = 1
        return .flow(record)
    }

    /// The ends around the ">" whose second end has a colon behind it, and what follows that colon.
    private static func ends(of line: Bytes) -> (Bytes, Bytes, Bytes)? {
        var words = Words(line)
        var previous: Bytes?
        while let word = words.next() {
            if word.equals(">"), let source = previous, let next = words.next() {
                if next.last == UInt8(ascii: ":"), source.first != UInt8(ascii: "(") {
                    return (source, next.part(0, next.count - 1), words.remainder.trimmed)
                }
                previous = next
            } else {
                previous = word
            }
        }
        return nil
    }

    /// Whether a line may be the first of a packet's bytes as text: a header of IPv4 or IPv6, or bytes that are no letters.
    private static func beginsText(_ raw: Bytes) -> Bool {
        raw.first == UInt8(ascii: "`") || raw.first == UInt8(ascii: ".")
            || raw.first == UInt8(ascii: "E") && !raw.begins(with: "ESTAB ")
    }

    /// Whether a line may be the first of the bytes of ARP, LLDP (bytes that are no letters) or STP (0x42 twice) as text.
    private static func beginsOtherText(_ raw: Bytes) -> Bool {
        raw.first == UInt8(ascii: ".") || raw.begins(with: "BB.")
    }

    /// Whether a line begins with a time, in any of tcpdump's forms.
    static func beginsTimed(_ line: Bytes) -> Bool {
        guard let first = line.first, first.isDigit else { return false }
        var words = Words(line)
        var word = words.next() ?? line
        // `-#` numbers the packets.
        if word.count < 10, word.decimal != nil, let next = words.next() { word = next }
        let isClock = word.count >= 8 && word[2] == UInt8(ascii: ":") && word[5] == UInt8(ascii: ":")
        let isDate = word.count == 10 && word[4] == UInt8(ascii: "-") && word[7] == UInt8(ascii: "-")
        return isClock || isDate
            || word.count == 17 && word[10] == UInt8(ascii: ".") && word.part(0, 10).decimal != nil
    }

    /// Whether a line begins as `-t` prints them; with `-e` that is a link-layer address.
    private static func beginsUntimed(_ line: Bytes) -> Bool {
        if line.count > 20, line[2] == UInt8(ascii: ":"), line[5] == UInt8(ascii: ":"), line[14] == UInt8(ascii: ":") {
            return line.after(17).begins(with: " > ")
        }
        return starts.contains(where: line.begins)
    }

    private static let starts: [StaticString] = [
        "IP ", "IP6 ", "ARP, ", "RARP, ", "MPLS (", "PPPoE ", "STP 802.1", "LLDP, ", "LLC, ", "CDPv",
    ]

    // MARK: Lines without two ends

    private func heading(_ line: Bytes) -> FlowLine? {
        if line.begins(with: "listening on ") || line.begins(with: "reading from file ") { return .skipped(.heading) }
        return line.begins(with: "tcpdump: ") || Self.isCount(line) ? .skipped(.heading) : nil
    }

    private static func isNotIP(_ line: Bytes) -> Bool {
        var words = Words(line)
        while let word = words.next() {
            if word.equals("ethertype") { return words.next().map { !$0.equals("IPv4") && !$0.equals("IPv6") } ?? true }
            if word.equals("ARP,") || word.equals("STP") || word.equals("LLDP,") || word.equals("LLC,") { return true }
            if word.equals("CDPv2,") || word.equals("RARP,") || word.equals("EAPOL") || word.equals("802.3,") {
                return true
            }
        }
        return false
    }

    /// What tcpdump says in the end: `5 packets captured`, `0 packets dropped by kernel`.
    private static func isCount(_ line: Bytes) -> Bool {
        var words = Words(line)
        guard words.next()?.decimal != nil, let second = words.next(), let third = words.next(),
            second.begins(with: "packet")
        else { return false }
        return third.equals("captured") || third.equals("received") || third.equals("dropped")
    }

    /// The header in `… (tos 0x0, ttl 64, id 1, offset 1480, flags [none], proto UDP (17), length 60)`.
    private static func header4(_ line: Bytes) -> Header? {
        guard line.last == UInt8(ascii: ")"), let start = line.position(of: "(tos 0x") else { return nil }
        let text = line.after(start)
        guard let transport = number(behind: " proto ", in: text) else { return nil }
        let offset = text.position(of: ", offset ").map { text.after($0 + 9) }
        let digits = offset.flatMap { text in text.position(of: UInt8(ascii: ",")).map { text.part(0, $0) } }
        return Header(transport: transport, isLaterFragment: digits?.decimal ?? 0 != 0)
    }

    /// The header in `IP6 (hlim 64, next-header TCP (6) payload length: 32) …`; nil when an extension header is next.
    private static func header6(_ line: Bytes) -> Header? {
        guard let start = line.position(of: "next-header "),
            let transport = number(behind: "next-header ", in: line.after(start)),
            ![0, 43, 44, 51, 60].contains(transport.rawValue)
        else { return nil }
        return Header(transport: transport, isLaterFragment: false)
    }

    /// The protocol by its number in `proto UDP (17)`.
    private static func number(behind name: StaticString, in text: Bytes) -> TransportProtocol? {
        guard let start = text.position(of: name), let open = text.position(of: UInt8(ascii: "("), from: start + 1),
            let close = text.position(of: UInt8(ascii: ")"), from: open),
            let number = text.part(open + 1, close).decimal, let raw = UInt8(exactly: number)
        else { return nil }
        return TransportProtocol(rawValue: raw)
    }
}

extension TcpdumpLine {
    /// What tcpdump prints of a packet behind its ends.
    struct Detail {
        private var text: Bytes
        private var known: TransportProtocol?
        private(set) var isLaterFragment = false
        private var isExtended = false

        init(_ text: Bytes, transport: TransportProtocol?) {
            self.text = text
            known = transport
        }

        /// Takes what stands before the transport's own detail: IPv6's extension headers, with the ports behind them, and
        /// checksums in brackets.
        mutating func take(_ from: inout Endpoint, _ to: inout Endpoint) {
            while !isLaterFragment, takeExtension() {}
            if isExtended { takePorts(&from, &to) }
            while text.first == UInt8(ascii: "["), let close = text.position(of: UInt8(ascii: "]")) {
                if text.begins(with: "[udp ") || text.begins(with: "[bad udp ") || text.begins(with: "[no cksum") {
                    known = known ?? .udp
                }
                text = text.after(close + 1).trimmed
            }
        }

        /// Takes an extension header, `HBH (padn) `, `DSTOPT `, `srcrt (len=2, …) `, `frag (0|1448) `; false for none.
        private mutating func takeExtension() -> Bool {
            let isFragment = text.begins(with: "frag (")
            guard isFragment || Self.extensions.contains(where: text.begins) else { return false }
            isExtended = true
            var words = Words(text)
            _ = words.next()
            var rest = words.remainder.trimmed
            while rest.first == UInt8(ascii: "("), let close = rest.position(of: UInt8(ascii: ")")) {
                if isFragment { takeOffset(rest.part(1, close)) }
                rest = rest.after(close + 1).trimmed
            }
            text = rest
            return true
        }

        private static let extensions: [StaticString] = ["HBH ", "DSTOPT ", "srcrt ", "mobility: "]

        /// The offset in `0x060cea63:1448|560`.
        private mutating func takeOffset(_ inside: Bytes) {
            let start = inside.lastPosition(of: UInt8(ascii: ":")).map { $0 + 1 } ?? 0
            let bar = inside.position(of: UInt8(ascii: "|")) ?? inside.count
            isLaterFragment = start > bar || inside.part(start, bar).decimal != 0
        }

        /// The ports of `5000 > 53: …` behind an extension header.
        private mutating func takePorts(_ from: inout Endpoint, _ to: inout Endpoint) {
            var words = Words(text)
            guard let source = words.next()?.port, let arrow = words.next(), arrow.equals(">"), let end = words.next(),
                end.last == UInt8(ascii: ":"), let destination = end.part(0, end.count - 1).port
            else { return }
            (from.port, to.port) = (source, destination)
            text = words.remainder.trimmed
        }

        /// The protocol of a packet in the packet, printed as `10.0.0.1.80 > 10.0.0.2.90: …`; nil for none.
        private var inner: TransportProtocol? {
            var words = Words(text)
            guard let source = words.next(), let arrow = words.next(), arrow.equals(">"),
                let end = try? Endpoint(dotForm: source)
            else { return nil }
            return TransportProtocol(rawValue: end.address.family == .v4 ? 4 : 41)
        }

        private static let names: [(StaticString, TransportProtocol)] = [
            ("Flags [", .tcp), ("tcp", .tcp), ("ESP(", .esp), ("AH(", .ah), ("sctp", .sctp), ("DCCP", .dccp),
            ("dccp", .dccp), ("UDP-Lite", .udpLite), ("UDPLITE", .udpLite), ("UDP", .udp), ("udp", .udp),
            ("ICMP6", .icmpV6), ("ICMP", .icmp), ("icmp", .icmp), ("GRE", .gre),
            ("igmp", TransportProtocol(rawValue: 2)),
            ("OSPF", TransportProtocol(rawValue: 89)), ("VRRP", TransportProtocol(rawValue: 112)),
            ("CARP", TransportProtocol(rawValue: 112)), ("PIM", TransportProtocol(rawValue: 103)),
            ("EIGRP", TransportProtocol(rawValue: 88)), ("RSVP", TransportProtocol(rawValue: 46)),
            ("EtherIP", TransportProtocol(rawValue: 97)), ("IPComp(", TransportProtocol(rawValue: 108)),
            ("IP6 ", TransportProtocol(rawValue: 41)), ("IP ", TransportProtocol(rawValue: 4)),
            ("no next header", TransportProtocol(rawValue: 59)),
        ]

        /// The protocol; nil when nothing tells it.
        ///
        /// A name alone, without a length behind it, is how later fragments are printed.
        mutating func transport(hasPorts: Bool) -> TransportProtocol? {
            var words = Words(text)
            let first = words.next() ?? text
            if first.begins(with: "ip-proto-"), let number = first.after(9).decimal, let raw = UInt8(exactly: number) {
                return TransportProtocol(rawValue: raw)
            }
            if let known { return known }
            for (name, transport) in Self.names where text.begins(with: name) { return transport }
            return inner ?? (hasPorts ? .udp : first.transport)
        }

        /// Whether the packet of a tunnel stands on the next line.
        var isTunnel: Bool { text.begins(with: "VXLAN") || text.begins(with: "OTV, ") }

        /// Whether only the protocol is printed, as of a fragment without its header.
        var isProtocolAlone: Bool {
            var words = Words(text)
            guard let word = words.next(), words.next() == nil else { return false }
            return word.begins(with: "ip-proto-") || word.transport != nil && !word.equals("igmp")
        }

        /// The halves of the security parameter index in `ESP(spi=0x00001234,seq=0x1)` and `AH(length=4,spi=0x00001234,…`.
        var indexHalves: (UInt16, UInt16)? {
            guard let start = text.position(of: "spi=").map({ $0 + 4 }),
                let end = text.position(of: UInt8(ascii: ","), from: start), let index = text.part(start, end).word
            else { return nil }
            return (UInt16(index >> 16), UInt16(truncatingIfNeeded: index))
        }
    }
}
