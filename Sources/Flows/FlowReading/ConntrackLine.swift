import Responsibility

/// An entry of connection tracking: `conntrack -L` and `-E` in every output format, and /proc/net/nf_conntrack.
///
///     tcp      6 431999 ESTABLISHED src=10.9.0.1 dst=10.8.0.1 sport=40000 dport=80 src=… [ASSURED] mark=2 use=1
///     -A -t 431999 -u ASSURED -s 10.9.0.1 -d 10.8.0.1 -r … -p tcp --sport 40000 --dport 80 … -m 2
///     <flow><meta direction="original"><layer3 …><src>10.9.0.1</src>…
///
/// The flow is the original direction: the first `src=`, `dst=`, `sport=` and `dport=`. Source: conntrack(8).
enum ConntrackLine {
    /// What a line is; nil when it is not of this form.
    static func read(_ line: Bytes, needing ports: HashedPorts) throws(FlowLineError) -> FlowLine? {
        if line.first == UInt8(ascii: "<") { return try ConntrackXML.read(line, needing: ports) }
        if line.begins(with: "-A ") || line.begins(with: "-I ") || line.begins(with: "-D ") || line.begins(with: "-U ")
        {
            return try saved(line, needing: ports)
        }
        if line.begins(with: "conntrack v") { return .skipped(.heading) }
        guard line.contains(" src=") else { return nil }
        return .flow(try record(line, needing: ports))
    }

    /// What an entry says of its original direction, while it is read.
    struct Entry {
        var transport: TransportProtocol?
        var source: IPAddress?
        var destination: IPAddress?
        var sourcePort: UInt16?
        var destinationPort: UInt16?
        var packets: UInt64?
        var bytes: UInt64?
        var mark: UInt32?

        /// The record of the entry; `line` is for errors.
        func record(_ line: Bytes, needing ports: HashedPorts) throws(FlowLineError) -> FlowRecord {
            guard let transport else { throw FlowLineError(.missing(field: "the protocol"), line) }
            guard let source else { throw FlowLineError(.missing(field: "src"), line) }
            guard let destination else { throw FlowLineError(.missing(field: "dst"), line) }
            let flow = try Flow(
                transport: transport, from: (source, sourcePort), to: (destination, destinationPort), line: line,
                needing: ports)
            var record = FlowRecord(flow: flow, format: .conntrack)
            (record.mark, record.packets, record.bytes) = (mark, packets, bytes)
            return record
        }

        mutating func set(_ name: Bytes, _ value: Bytes) throws(FlowLineError) {
            if name.equals("src"), source == nil {
                source = try ConntrackLine.address(value)
            } else if name.equals("dst"), destination == nil {
                destination = try ConntrackLine.address(value)
            } else if name.equals("sport"), sourcePort == nil {
                sourcePort = try ConntrackLine.port(value)
            } else if name.equals("dport"), destinationPort == nil {
                destinationPort = try ConntrackLine.port(value)
            } else if name.equals("packets"), packets == nil {
                packets = value.decimal
            } else if name.equals("bytes"), bytes == nil {
                bytes = value.decimal
            } else if name.equals("mark") {
                guard let number = value.word else { throw FlowLineError(.number(field: "mark"), value) }
                mark = number
            }
        }
    }

    private static func record(_ line: Bytes, needing ports: HashedPorts) throws(FlowLineError) -> FlowRecord {
        var words = Words(line)
        var entry = Entry()
        entry.transport = try transport(&words, line)
        while let word = words.next() {
            guard let equals = word.position(of: UInt8(ascii: "=")) else { continue }
            try entry.set(word.part(0, equals), word.after(equals + 1))
        }
        return try entry.record(line, needing: ports)
    }

    /// The protocol: a name and the number that it stands for, after event names, times and the family.
    ///
    /// Both must fit, so that no other two words are taken for them.
    private static func transport(_ words: inout Words, _ line: Bytes) throws(FlowLineError) -> TransportProtocol {
        var isInBrackets = false
        while let word = words.next() {
            if word.first == UInt8(ascii: "[") { isInBrackets = true }
            if isInBrackets {
                isInBrackets = word.last != UInt8(ascii: "]")
                continue
            }
            if word.equals("ipv4") || word.equals("ipv6"), let family = words.next(), family.decimal != nil { continue }
            guard let text = words.next(), let number = text.decimal, let raw = UInt8(exactly: number) else {
                throw FlowLineError(.transport, word)
            }
            let transport = TransportProtocol(rawValue: raw)
            guard word.equals("unknown") || word.transport == transport else { throw FlowLineError(.transport, word) }
            return transport
        }
        throw FlowLineError(.missing(field: "the protocol"), line)
    }

    /// A line of `conntrack -o save`: options as conntrack itself takes them; nil for another program's, as iptables'.
    private static func saved(_ line: Bytes, needing ports: HashedPorts) throws(FlowLineError) -> FlowLine? {
        guard line.contains(" -s "), line.contains(" -r ") else { return nil }
        var words = Words(line)
        var entry = Entry()
        while let option = words.next() {
            if option.equals("-s") {
                entry.source = try address(words.next() ?? option)
            } else if option.equals("-d") {
                entry.destination = try address(words.next() ?? option)
            } else if option.equals("--sport") {
                entry.sourcePort = try port(words.next() ?? option)
            } else if option.equals("--dport") {
                entry.destinationPort = try port(words.next() ?? option)
            } else if option.equals("-m") || option.equals("--mark") {
                entry.mark = words.next()?.word
            } else if option.equals("-p") {
                let name = words.next() ?? option
                guard let transport = name.transport else { throw FlowLineError(.transport, name) }
                entry.transport = transport
            }
        }
        return .flow(try entry.record(line, needing: ports))
    }

    static func address(_ value: Bytes) throws(FlowLineError) -> IPAddress {
        guard let address = value.address else { throw FlowLineError(.address, value) }
        return address
    }

    static func port(_ value: Bytes) throws(FlowLineError) -> UInt16 {
        guard let port = value.port else { throw FlowLineError(value.isName ? .name : .port, value) }
        return port
    }
}

/// A line of `conntrack -o xml`: an entry a line, which begins with `<flow`.
enum ConntrackXML {
    /// What a line is; nil when it is not of this form.
    static func read(_ line: Bytes, needing ports: HashedPorts) throws(FlowLineError) -> FlowLine? {
        guard line.begins(with: "<flow") else {
            let isFrame =
                line.begins(with: "<?xml") || line.begins(with: "<conntrack") || line.begins(with: "</conntrack")
            return isFrame ? .skipped(.heading) : nil
        }
        var entry = ConntrackLine.Entry()
        let number = content(of: "<layer4 protonum=\"", to: "\"", in: line)
        entry.transport = number?.decimal.flatMap { UInt8(exactly: $0) }.map { TransportProtocol(rawValue: $0) }
        for (name, open) in elements {
            guard let value = content(of: open, to: "<", in: line) else { continue }
            try entry.set(name, value)
        }
        return .flow(try entry.record(line, needing: ports))
    }

    private static var elements: [(Bytes, StaticString)] {
        [
            (bytes("src"), "<src>"), (bytes("dst"), "<dst>"), (bytes("sport"), "<sport>"), (bytes("dport"), "<dport>"),
            (bytes("packets"), "<packets>"), (bytes("bytes"), "<bytes>"), (bytes("mark"), "<mark>"),
        ]
    }

    private static func bytes(_ text: StaticString) -> Bytes {
        Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    /// What stands first between two texts.
    private static func content(of open: StaticString, to close: StaticString, in line: Bytes) -> Bytes? {
        guard let start = line.position(of: open).map({ $0 + open.utf8CodeUnitCount }),
            let end = line.position(of: close, from: start)
        else { return nil }
        return line.part(start, end)
    }
}
