import Responsibility

/// A flow as `tcp 10.0.0.1:1234 -> 10.0.0.2:80`, as it is typed without the arrow, and as nfdump prints it.
///
///     2026-11-27 10:00:00.000  0.000 TCP  10.9.0.1:40000 ->  10.8.0.1:80  1  60  1
enum ArrowLine {
    /// What nfdump prints around its lines.
    private static let headings: [StaticString] = [
        "Date first seen", "Summary: total flows", "Time window: ", "Total flows processed: ",
        "Total records processed: ",
        "Sys: ", "Summary", "flows,bytes,packets,avg_bps",
    ]

    /// What a line is; nil when it is not of this form.
    static func read(_ line: Bytes, needs: FlowNeeds) throws(FlowLineError) -> FlowLine? {
        if headings.contains(where: line.begins) { return .skipped(.heading) }
        var words = Words(line)
        guard let name = words.next(), let source = words.next() else { return nil }
        guard let third = words.next() else {
            return try pair(name, source, line, needs)
        }
        if third.equals("->") {
            guard let destination = words.next() else { throw FlowLineError(.missing(field: "the destination"), line) }
            if let extra = words.next() { throw FlowLineError(.unrecognised, extra) }
            return try flow(name, source, destination, line, needs)
        }
        if words.next() == nil {
            guard name.transport != nil, Self.isEnd(source) || Self.isEnd(third) else { return nil }
            do throws(FlowLineError) { return try flow(name, source, third, line, needs) } catch {
                // A name is one; anything else may be another program's line.
                guard error.problem == .name || Self.isEnd(source) && Self.isEnd(third) else { return nil }
                throw error
            }
        }
        return try dated(line, needs)
    }

    /// Two ends with their ports are a flow of TCP, as on the command line.
    private static func pair(
        _ source: Bytes, _ destination: Bytes, _ line: Bytes, _ needs: FlowNeeds
    ) throws(FlowLineError) -> FlowLine? {
        guard let from = try? Endpoint(colonForm: source), let to = try? Endpoint(colonForm: destination),
            from.port != nil, to.port != nil
        else { return nil }
        return .flow(try record(.tcp, from, to, line, needs))
    }

    private static func isEnd(_ word: Bytes) -> Bool { (try? Endpoint(colonForm: word)) != nil }

    private static func flow(
        _ name: Bytes, _ source: Bytes, _ destination: Bytes, _ line: Bytes, _ needs: FlowNeeds
    ) throws(FlowLineError) -> FlowLine {
        guard let transport = name.transport else { throw FlowLineError(.transport, name) }
        let from = try Endpoint(colonForm: source)
        let to = try Endpoint(colonForm: destination)
        if from.isAnyPort || to.isAnyPort { throw FlowLineError(.port, from.isAnyPort ? source : destination) }
        return .flow(try record(transport, from, to, line, needs))
    }

    private static func record(
        _ transport: TransportProtocol, _ from: Endpoint, _ to: Endpoint, _ line: Bytes, _ needs: FlowNeeds
    ) throws(FlowLineError) -> FlowRecord {
        try FlowRecord(
            transport, from: (from.address, from.port), to: (to.address, to.port), format: .plain, needs: needs,
            line: line)
    }

    /// A line of nfdump: a date, a time and a duration, then the flow, then what it counts.
    private static func dated(_ line: Bytes, _ needs: FlowNeeds) throws(FlowLineError) -> FlowLine? {
        guard let arrow = line.position(of: " -> "), line.first?.isDigit == true else { return nil }
        var (before, name, source) = (Words(line.part(0, arrow)), Bytes?.none, Bytes?.none)
        while let word = before.next() { (name, source) = (source, word) }
        var behind = Words(line.after(arrow + 4))
        guard let name, let source, let destination = behind.next(), source.address == nil else { return nil }
        guard let transport = name.transport else { throw FlowLineError(.transport, name) }
        let from = try nfdumpEnd(source, transport)
        let to = try nfdumpEnd(destination, transport)
        var record = try record(transport, from, to, line, needs)
        (record.packets, record.bytes) = (behind.next()?.decimal, behind.next()?.decimal)
        return .flow(record)
    }

    /// An end of nfdump: its port stands behind a colon, of IPv6 behind a dot; of ICMP it is type and code.
    private static func nfdumpEnd(_ text: Bytes, _ transport: TransportProtocol) throws(FlowLineError) -> Endpoint {
        let isV6 = text.position(of: UInt8(ascii: ":")) != text.lastPosition(of: UInt8(ascii: ":"))
        let separator = isV6 ? text.position(of: UInt8(ascii: ".")) : text.position(of: UInt8(ascii: ":"))
        let end = separator ?? text.count
        guard let address = text.part(0, end).address else {
            throw FlowLineError(text.contains("..") ? .unshown(program: "nfdump", option: "-6") : .address, text)
        }
        var endpoint = Endpoint(address: address)
        guard transport.portsOffset != nil, end < text.count else { return endpoint }
        endpoint.port = try ConntrackLine.port(text.after(end + 1))
        return endpoint
    }
}
