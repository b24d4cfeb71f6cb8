/// A socket of `ss -tn` or `ss -tun`, seen on the node: its peer is the source, its own end the destination.
///
///     ESTAB  0  0  10.8.0.1:80  10.9.0.1:40000
///     0  0  10.8.0.1:80  10.9.0.1:40000
enum SocketLine {
    private static let states: [StaticString] = [
        "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSE-WAIT", "LAST-ACK", "CLOSING",
        "LISTEN", "UNCONN", "CLOSED",
    ]

    /// The sockets in the column Netid that have no IP addresses.
    private static let notIP: [StaticString] = [
        "nl", "u_str", "u_dgr", "u_seq", "p_raw", "p_dgr", "v_str", "v_dgr", "ti_st", "ti_dg", "ti_rd", "ti_sq", "xdp",
    ]

    /// What a line is; nil when it is not of this form.
    ///
    /// The columns Netid and State are left out by ss where they say nothing: `ss -t`, `ss state established`.
    static func read(_ line: Bytes) throws(FlowLineError) -> FlowLine? {
        if line.begins(with: "State ") || line.begins(with: "Netid ") || line.begins(with: "Recv-Q ") {
            return .skipped(.heading)
        }
        var words = Words(line)
        guard var word = words.next() else { return nil }
        var transport = TransportProtocol.tcp
        if !isState(word), word.decimal == nil {
            let name = word
            guard let second = words.next(), isState(second) || second.decimal != nil else { return nil }
            if notIP.contains(where: { name.equals($0) }) { return .skipped(.notIP) }
            guard let known = name.transport else {
                guard isState(second) else { return nil }
                throw FlowLineError(.transport, name)
            }
            (transport, word) = (known, second)
        }
        if isState(word) {
            if word.equals("LISTEN") || word.equals("UNCONN") { return .skipped(.listener) }
            guard let received = words.next(), received.decimal != nil else {
                throw FlowLineError(.missing(field: "an address"), line)
            }
            word = received
        }
        guard let sent = words.next(), sent.decimal != nil else { return nil }
        guard let own = words.next(), let peer = words.next() else {
            throw FlowLineError(.missing(field: "an address"), line)
        }
        let to = try Endpoint(colonForm: own)
        let from = try Endpoint(colonForm: peer)
        if to.isAnyPort || from.isAnyPort { return .skipped(.listener) }
        let flow = try Flow(
            transport: transport, from: (from.address, from.port), to: (to.address, to.port), line: line)
        return .flow(FlowRecord(flow: flow, format: .socket))
    }

    private static func isState(_ word: Bytes) -> Bool { states.contains { word.equals($0) } }
}
