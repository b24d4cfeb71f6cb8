import Responsibility

/// A packet of `tshark` as it prints them without `-T`: the packet's own direction.
///
///     9   1.184622  10.9.1.2 → 10.8.0.1  TCP 74 40000 → 80 [SYN] Seq=0 Win=64240 Len=0
///
/// Ports stand there only where tshark shows the transport's own summary: HTTP, DNS or TLS have none. Source: tshark(1).
enum TsharkLine {
    /// What a line is; nil when it is not of this form.
    static func read(_ line: Bytes, needs: FlowNeeds) throws(FlowLineError) -> FlowLine? {
        if line.begins(with: "Running as user ") || line.begins(with: "Capturing on ") { return .skipped(.heading) }
        var words = Words(line)
        guard words.next()?.decimal != nil, let source = source(&words) else { return nil }
        guard let arrow = words.next(), isArrow(arrow), let destination = words.next(), let name = words.next() else {
            return nil
        }
        guard let from = source.address, let to = destination.address else {
            return source.position(of: UInt8(ascii: ":")) != nil ? .skipped(.notIP) : nil
        }
        guard words.next()?.decimal != nil else { return nil }
        if name.equals("IPv4") || name.equals("IPv6"), words.remainder.contains("ragment") {
            return .skipped(.fragment)
        }
        let ports = ports(words.remainder)
        guard let transport = transport(name, hasPorts: ports != nil) else {
            throw FlowLineError(.unshown(program: "tshark", option: "-T fields or -T ek"), line)
        }
        var record = FlowRecord(
            flow: try Flow(
                transport: transport, from: (from, ports?.0), to: (to, ports?.1), line: line, needing: needs.ports),
            format: .tshark)
        record.packets = 1
        return .flow(record)
    }

    /// The bytes of a packet, which `-x` prints: `0010  00 3c 1c 46 …`.
    static func isBytes(_ line: Bytes) -> Bool {
        guard line.count > 7, line[4] == 0x20, line[5] == 0x20, line.part(0, 4).allSatisfy(\.isHexDigit) else {
            return false
        }
        return line[6].isHexDigit && line[7].isHexDigit && (line.count == 8 || line[8] == 0x20)
    }

    /// The word behind the time, in any of the forms of `-t`: `1.184622`, `17:42:41.9`, `2026-11-28 17:42:41.9`.
    private static func source(_ words: inout Words) -> Bytes? {
        guard var time = words.next() else { return nil }
        let isDate = time.count > 7 && time[4] == UInt8(ascii: "-") || time.count > 7 && time[4] == UInt8(ascii: "/")
        if isDate {
            guard let clock = words.next() else { return nil }
            time = clock
        }
        let isTime = time.allSatisfy {
            $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ":")
                || $0 == UInt8(ascii: "Z")
        }
        return isTime && time.position(of: UInt8(ascii: ".")) != nil ? words.next() : nil
    }

    private static func isArrow(_ word: Bytes) -> Bool { word.equals("→") || word.equals("->") }

    /// The ports of `40000 → 80 [SYN]`, behind names of services in older versions.
    private static func ports(_ text: Bytes) -> (UInt16, UInt16)? {
        var words = Words(text)
        guard var source = words.next() else { return nil }
        if source.first == UInt8(ascii: "["), let behind = words.skip(until: "]") { source = behind }
        guard let from = source.port, let arrow = words.next(), isArrow(arrow), let to = words.next()?.port else {
            return nil
        }
        return (from, to)
    }

    /// The protocol; one that is not a transport's own is TCP or UDP, which hash alike, only where its ports stand there.
    private static func transport(_ name: Bytes, hasPorts: Bool) -> TransportProtocol? {
        if let known = name.transport { return known }
        return hasPorts ? (name.begins(with: "QUIC") ? .udp : .tcp) : nil
    }
}

extension Words {
    /// Skips words up to one that ends with this text, and returns the one behind it.
    mutating func skip(until end: StaticString) -> Bytes? {
        while let word = next() {
            if word.last == end.utf8Start[end.utf8CodeUnitCount - 1] { return next() }
        }
        return nil
    }
}

/// A line of the log of a web server or proxy that begins with the client's address: nginx, Apache, haproxy.
///
///     10.9.1.2:33317 [27/Nov/2026:10:00:00.655] http-in static/srv1 10/0/30/69/109 200 2750 …
///     10.9.1.2 - - [27/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/7.88"
///
/// The client's port is read where it stands behind the address, and the destination, unless the line has it, is the one
/// that is known. Source: haproxy's configuration manual, section 8.2; the "combined" format of nginx and Apache, and
/// Debian's "vhost_combined".
enum AccessLine {
    /// What a line is; nil when it is not of this form.
    static func read(_ line: Bytes, needs: FlowNeeds) throws(FlowLineError) -> FlowLine? {
        if line.begins(with: "Connect from ") { return try connection(line, needs) }
        var words = Words(line)
        guard let first = words.next(), let second = words.next() else { return nil }
        guard let date = isDate(second) ? second : date(&words) else { return nil }
        // haproxy writes the port always, and IPv6 addresses without brackets; its date has no zone.
        let isProxy = date.last == UInt8(ascii: "]") && first.first != UInt8(ascii: "[")
        // Apache's "vhost_combined" has the host that was asked in front of the client.
        let hasHost = second.address != nil && first.last != UInt8(ascii: ",")
        let client = hasHost ? second : first
        guard let from = try? Endpoint(colonForm: client, lastColonIsPort: isProxy) else { return nil }
        let to = hasHost ? try? Endpoint(colonForm: first) : nil
        return try flow(from, to, line, needs)
    }

    private static func flow(
        _ from: Endpoint, _ to: Endpoint?, _ line: Bytes, _ needs: FlowNeeds
    ) throws(FlowLineError) -> FlowLine {
        .flow(
            try FlowRecord(
                .tcp, from: (from.address, from.port), to: (to?.address, to?.port), format: .access, needs: needs,
                line: line))
    }

    /// What haproxy logs by default: `Connect from 10.9.1.2:33317 to 10.8.0.1:80 (http-in/HTTP)`.
    private static func connection(_ line: Bytes, _ needs: FlowNeeds) throws(FlowLineError) -> FlowLine? {
        var words = Words(line.after(13))
        guard let client = words.next(), let to = words.next(), to.equals("to"), let own = words.next() else {
            return nil
        }
        return try flow(
            Endpoint(colonForm: client, lastColonIsPort: client.first != UInt8(ascii: "[")),
            Endpoint(colonForm: own, lastColonIsPort: own.first != UInt8(ascii: "[")), line, needs)
    }

    /// The word that begins a date, one of the next, behind the names of users; nil when none does.
    private static func date(_ words: inout Words) -> Bytes? {
        for _ in 0..<4 {
            guard let word = words.next() else { return nil }
            if isDate(word) { return word }
        }
        return nil
    }

    /// Whether a word begins a date, `[27/Nov/2026:`.
    private static func isDate(_ word: Bytes) -> Bool {
        word.first == UInt8(ascii: "[") && word.count > 12 && word[3] == UInt8(ascii: "/")
            && word[7] == UInt8(ascii: "/") && word[12] == UInt8(ascii: ":")
    }
}
