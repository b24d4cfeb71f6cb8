/// An entry of `conntrack -L`, `conntrack -E` or /proc/net/nf_conntrack.
///
///     tcp      6 431999 ESTABLISHED src=10.9.0.1 dst=10.8.0.1 sport=40000 dport=80 src=… [ASSURED] mark=2 use=1
///
/// The flow is the original direction: the first `src=`, `dst=`, `sport=` and `dport=`.
enum ConntrackLine {
    /// Whether a line is of this form.
    static func matches(_ line: Bytes) -> Bool {
        var words = Words(line)
        while let word = words.next() {
            if word.begins(with: "src=") { return true }
        }
        return false
    }

    static func record(_ line: Bytes) throws(FlowLineError) -> FlowRecord {
        var words = Words(line)
        let transport = try transport(&words, line)
        var ends: (source: IPAddress?, destination: IPAddress?) = (nil, nil)
        var ports: (source: UInt16?, destination: UInt16?) = (nil, nil)
        var counts: (packets: UInt64?, bytes: UInt64?) = (nil, nil)
        var mark: UInt32?
        while let word = words.next() {
            guard let equals = word.position(of: UInt8(ascii: "=")) else { continue }
            let (name, value) = (word.part(0, equals), word.after(equals + 1))
            if name.equals("src"), ends.source == nil {
                ends.source = try address(value)
            } else if name.equals("dst"), ends.destination == nil {
                ends.destination = try address(value)
            } else if name.equals("sport"), ports.source == nil {
                ports.source = try port(value)
            } else if name.equals("dport"), ports.destination == nil {
                ports.destination = try port(value)
            } else if name.equals("packets"), counts.packets == nil {
                counts.packets = value.decimal
            } else if name.equals("bytes"), counts.bytes == nil {
                counts.bytes = value.decimal
            } else if name.equals("mark") {
                guard let number = value.word else { throw FlowLineError(.number(field: "mark"), value) }
                mark = number
            }
        }
        guard let source = ends.source else { throw FlowLineError(.missing(field: "src"), line) }
        guard let destination = ends.destination else { throw FlowLineError(.missing(field: "dst"), line) }
        let flow = try Flow(
            transport: transport, from: (source, ports.source), to: (destination, ports.destination), line: line)
        var record = FlowRecord(flow: flow, format: .conntrack)
        (record.mark, record.packets, record.bytes) = (mark, counts.packets, counts.bytes)
        return record
    }

    /// The protocol: the number that follows its name, after event names, times and the family.
    private static func transport(_ words: inout Words, _ line: Bytes) throws(FlowLineError) -> TransportProtocol {
        while let word = words.next() {
            if word.first == UInt8(ascii: "[") { continue }
            if word.equals("ipv4") || word.equals("ipv6") {
                _ = words.next()
                continue
            }
            guard let text = words.next(), let number = text.decimal, let raw = UInt8(exactly: number) else {
                throw FlowLineError(.transport, word)
            }
            return TransportProtocol(rawValue: raw)
        }
        throw FlowLineError(.missing(field: "the protocol"), line)
    }

    private static func address(_ value: Bytes) throws(FlowLineError) -> IPAddress {
        guard let address = value.address else { throw FlowLineError(.address, value) }
        return address
    }

    private static func port(_ value: Bytes) throws(FlowLineError) -> UInt16 {
        guard let port = value.port else { throw FlowLineError(.port, value) }
        return port
    }
}
