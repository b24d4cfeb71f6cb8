import Responsibility

/// A socket of `ss` or `netstat`, seen on the node: its peer is the source, its own end the destination.
///
///     ESTAB  0  0  10.8.0.1:80  10.9.0.1:40000
///     tcp6   0  0  2001:db8::1:80  2001:db8::2:42000  ESTABLISHED
///
/// Source: ss(8) of iproute2, netstat(8) of net-tools.
enum SocketLine {
    private static let states: [StaticString] = [
        "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSE-WAIT", "LAST-ACK", "CLOSING",
        "LISTEN", "UNCONN", "CLOSED", "UNKNOWN",
    ]

    /// The sockets in the columns Netid and Proto that have no IP addresses.
    private static let notIP: [StaticString] = [
        "nl", "u_str", "u_dgr", "u_seq", "p_raw", "p_dgr", "v_str", "v_dgr", "ti_st", "ti_dg", "ti_rd", "ti_sq", "xdp",
        "unix", "l2", "???", "rfcomm",
    ]

    private static let headings: [StaticString] = [
        "State ", "Netid ", "Recv-Q ", "Active ", "Proto ",
    ]

    /// What a line is; nil when it is not of this form.
    ///
    /// The columns Netid and State are left out by ss where they say nothing: `ss -t`, `ss state established`.
    static func read(_ line: Bytes, needing ports: HashedPorts) throws(FlowLineError) -> FlowLine? {
        if headings.contains(where: line.begins) { return .skipped(.heading) }
        var words = Words(line)
        guard var word = words.next() else { return nil }
        var transport = TransportProtocol.tcp
        var isNetstatV6 = false
        if !isState(word), word.decimal == nil {
            let name = word
            guard let second = words.next() else { return nil }
            if name.equals("unix"), second.decimal != nil { return .skipped(.notIP) }
            guard isState(second) || second.decimal != nil else { return nil }
            if notIP.contains(where: name.equals) { return .skipped(.notIP) }
            guard let (known, isV6) = netid(name) else {
                guard isState(second) else { return nil }
                throw FlowLineError(.transport, name)
            }
            (transport, isNetstatV6, word) = (known, isV6, second)
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
        let to = try Endpoint(colonForm: own, lastColonIsPort: isNetstatV6)
        let from = try Endpoint(colonForm: peer, lastColonIsPort: isNetstatV6)
        if to.isAnyPort || from.isAnyPort { return .skipped(.listener) }
        let flow = try Flow(
            transport: transport, from: (from.address, from.port), to: (to.address, to.port), line: line,
            needing: ports)
        return .flow(FlowRecord(flow: flow, format: .socket))
    }

    private static func isState(_ word: Bytes) -> Bool { states.contains(where: word.equals) }

    /// The protocol of a column Netid or Proto, and whether it is netstat's of IPv6.
    private static func netid(_ name: Bytes) -> (TransportProtocol, isNetstatV6: Bool)? {
        if name.equals("tcp6") { return (.tcp, true) }
        if name.equals("udp6") { return (.udp, true) }
        if name.equals("udplite6") || name.equals("udpl6") { return (.udpLite, true) }
        if name.equals("sctp6") { return (.sctp, true) }
        if name.equals("icmp6") { return (.icmpV6, false) }
        if name.equals("udpl") { return (.udpLite, false) }
        return name.transport.map { ($0, false) }
    }
}

/// An open file of `lsof -i` that is a connection, seen on the node.
///
///     nginx  812 www  4u  IPv4  7936449  0t0  TCP 10.8.0.1:80->10.9.1.2:40000 (ESTABLISHED)
///
/// Source: lsof(8).
enum OpenFileLine {
    /// What a line is; nil when it is not of this form.
    static func read(_ line: Bytes, needing ports: HashedPorts) throws(FlowLineError) -> FlowLine? {
        if line.begins(with: "COMMAND ") { return .skipped(.heading) }
        var words = Words(line)
        var (isSocket, transport) = (false, TransportProtocol?.none)
        while let word = words.next() {
            if word.equals("IPv4") || word.equals("IPv6") {
                isSocket = true
            } else if isSocket, word.equals("TCP") || word.equals("UDP") {
                transport = word.transport
                break
            }
        }
        guard let transport, let ends = words.next() else { return nil }
        guard let arrow = ends.position(of: "->") else { return .skipped(.listener) }
        let to = try Endpoint(colonForm: ends.part(0, arrow))
        let from = try Endpoint(colonForm: ends.after(arrow + 2))
        let flow = try Flow(
            transport: transport, from: (from.address, from.port), to: (to.address, to.port), line: line,
            needing: ports)
        return .flow(FlowRecord(flow: flow, format: .openFile))
    }
}
