/// A socket of `ss -tn` or `ss -tun`, seen on the node: its peer is the source, its own end the destination.
///
///     ESTAB  0  0  10.8.0.1:80  10.9.0.1:40000
enum SocketLine {
    private static let states: [StaticString] = [
        "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSE-WAIT", "LAST-ACK", "CLOSING",
        "LISTEN", "UNCONN", "CLOSED",
    ]

    /// What a line is; nil when it is not of this form.
    static func read(_ line: Bytes) throws(FlowLineError) -> FlowLine? {
        var words = Words(line)
        guard var state = words.next() else { return nil }
        if state.equals("State") || state.equals("Netid") { return .skipped(.heading) }
        var transport = TransportProtocol.tcp
        if !isState(state) {
            let name = state
            guard let second = words.next(), isState(second) else { return nil }
            state = second
            guard let known = name.transport else { throw FlowLineError(.transport, name) }
            transport = known
        }
        if state.equals("LISTEN") || state.equals("UNCONN") { return .skipped(.listener) }
        guard let received = words.next(), received.decimal != nil, let sent = words.next(), sent.decimal != nil,
            let own = words.next(), let peer = words.next()
        else { throw FlowLineError(.missing(field: "an address"), line) }
        let to = try Endpoint(colonForm: own)
        let from = try Endpoint(colonForm: peer)
        if to.isAnyPort || from.isAnyPort { return .skipped(.listener) }
        let flow = try IPFlow(
            transport: transport, from: (from.address, from.port), to: (to.address, to.port), line: line)
        return .flow(FlowRecord(flow: flow, format: .socket))
    }

    private static func isState(_ word: Bytes) -> Bool { states.contains { word.equals($0) } }
}
