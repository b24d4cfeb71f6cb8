/// A flow in the form `tcp 10.0.0.1:1234 -> 10.0.0.2:80`.
enum PlainLine {
    /// The record of a line; nil when the line is not of this form.
    static func record(_ line: Bytes, needing ports: HashedPorts) throws(FlowLineError) -> FlowRecord? {
        var words = Words(line)
        guard let name = words.next(), let source = words.next(), let arrow = words.next(), arrow.equals("->") else {
            return nil
        }
        guard let destination = words.next() else { throw FlowLineError(.missing(field: "the destination"), line) }
        if let extra = words.next() { throw FlowLineError(.unrecognised, extra) }
        guard let transport = name.transport else { throw FlowLineError(.transport, name) }
        let from = try Endpoint(colonForm: source)
        let to = try Endpoint(colonForm: destination)
        if from.isAnyPort || to.isAnyPort { throw FlowLineError(.port, from.isAnyPort ? source : destination) }
        let flow = try Flow(
            transport: transport, from: (from.address, from.port), to: (to.address, to.port), line: line,
            needing: ports)
        return FlowRecord(flow: flow, format: .plain)
    }
}
