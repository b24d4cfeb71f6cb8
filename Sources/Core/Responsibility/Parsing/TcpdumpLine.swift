/// A packet of `tcpdump -n`, with or without a time, link-level addresses (`-e`) and detail (`-v`).
///
///     12:00:00.123456 IP 10.9.0.1.40000 > 10.8.0.1.80: Flags [S], seq 1, win 64240, length 0
enum TcpdumpLine {
    /// What a line is; nil when it is not of this form.
    static func read(_ line: Bytes) throws(FlowLineError) -> FlowLine? {
        guard let (source, destination, detail) = ends(of: line) else { return other(line) }
        let from = try Endpoint(dotForm: source)
        let to = try Endpoint(dotForm: destination)
        let transport = transport(detail, hasPorts: from.port != nil && to.port != nil)
        if let (high, low) = indexHalves(detail), transport == .esp || transport == .ah {
            return .flow(try record(transport, (from.address, high), (to.address, low), line))
        }
        if transport.portsOffset != nil, from.port == nil || to.port == nil { return .skipped(.fragment) }
        return .flow(try record(transport, (from.address, from.port), (to.address, to.port), line))
    }

    private static func record(
        _ transport: TransportProtocol, _ from: (IPAddress, UInt16?), _ to: (IPAddress, UInt16?), _ line: Bytes
    ) throws(FlowLineError) -> FlowRecord {
        var record = FlowRecord(
            flow: try Flow(transport: transport, from: from, to: to, line: line), format: .tcpdump)
        record.packets = 1
        return record
    }

    /// The ends around the ">" whose second end has a colon behind it, and what follows that colon.
    private static func ends(of line: Bytes) -> (Bytes, Bytes, Bytes)? {
        var words = Words(line)
        var previous: Bytes?
        while let word = words.next() {
            if word.equals(">"), let source = previous, let next = words.next() {
                if next.last == UInt8(ascii: ":") {
                    return (source, next.part(0, next.count - 1), words.remainder.trimmed)
                }
                previous = next
            } else {
                previous = word
            }
        }
        return nil
    }

    /// The protocol, from what tcpdump prints after the ends; with ports and something else it has decoded UDP.
    ///
    /// 255, which no protocol has, stands for one that this does not know; all of those are hashed without ports.
    private static func transport(_ detail: Bytes, hasPorts: Bool) -> TransportProtocol {
        if detail.begins(with: "Flags [") || detail.begins(with: "tcp") { return .tcp }
        if detail.begins(with: "ESP(") { return .esp }
        if detail.begins(with: "AH(") { return .ah }
        if detail.begins(with: "sctp") { return .sctp }
        if detail.begins(with: "DCCP") || detail.begins(with: "dccp") { return .dccp }
        if detail.begins(with: "UDP-Lite") || detail.begins(with: "UDPLITE") { return .udpLite }
        if hasPorts || detail.begins(with: "UDP") || detail.begins(with: "udp") { return .udp }
        if detail.begins(with: "ICMP6") { return TransportProtocol(rawValue: 58) }
        if detail.begins(with: "ICMP") { return .icmp }
        if detail.begins(with: "GRE") { return .gre }
        if detail.begins(with: "IP ") { return TransportProtocol(rawValue: 4) }
        if detail.begins(with: "IP6 ") { return TransportProtocol(rawValue: 41) }
        if detail.begins(with: "ip-proto-"), let number = Words(detail.after(9)).first(where: { _ in true })?.decimal {
            return TransportProtocol(rawValue: UInt8(truncatingIfNeeded: number))
        }
        return TransportProtocol(rawValue: 255)
    }

    /// The halves of the security parameter index in `ESP(spi=0x00001234,seq=0x1)` and `AH(spi=0x00001234,…`.
    private static func indexHalves(_ detail: Bytes) -> (UInt16, UInt16)? {
        guard let equals = detail.position(of: UInt8(ascii: "=")), let end = detail.position(of: UInt8(ascii: ",")),
            equals < end, let index = detail.part(equals + 1, end).word
        else { return nil }
        return (UInt16(index >> 16), UInt16(truncatingIfNeeded: index))
    }

    /// What tcpdump says in the end: `5 packets captured`, `0 packets dropped by kernel`.
    private static func isCount(_ line: Bytes) -> Bool {
        var words = Words(line)
        guard words.next()?.decimal != nil, let second = words.next(), let third = words.next(),
            second.begins(with: "packet")
        else { return false }
        return third.equals("captured") || third.equals("received") || third.equals("dropped")
    }

    /// A line of tcpdump without two ends.
    private static func other(_ line: Bytes) -> FlowLine? {
        if line.begins(with: "listening on ") || line.begins(with: "reading from file ") { return .skipped(.heading) }
        if line.begins(with: "tcpdump: ") || isCount(line) { return .skipped(.heading) }
        var words = Words(line)
        while let word = words.next() {
            if word.equals("ethertype"), words.next()?.equals("ARP") == true { return .skipped(.notIP) }
            if word.equals("ARP,") || word.equals("STP") || word.equals("LLDP,") { return .skipped(.notIP) }
            if word.equals("IP") || word.equals("IP6"), words.remainder.trimmed.first == UInt8(ascii: "(") {
                return .skipped(.continuation)
            }
        }
        return nil
    }
}
