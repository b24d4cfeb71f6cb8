import Glibc
import Reactor

/// The client: its addresses, and traffic from them.
struct ClientProcess {
    private let member: MemberProcess

    init(_ member: MemberProcess) { self.member = member }

    /// Becomes the client, checks that every node is reached, and sends until the supervisor ends.
    func run() throws(LabError) {
        try member.expect(.configure)
        try member.configureLinks([
            "address add \(LabNetwork.clientAddress)/\(LabNetwork.prefixLength) dev \(LabNetwork.interface)",
            "route add local \(LabNetwork.clientNetwork)/16 dev lo",
        ])
        member.report(.ready)
        try member.expect(.start)
        for number in 1...member.options.nodes { try reach(number) }
        do {
            try send()
        } catch {
            throw LabError("the client \(error.description)")
        }
    }

    /// Sends a datagram to a closed port of the node's own address: the refusal proves both ways, and no counter of the
    /// cluster address moves.
    private func reach(_ number: Int) throws(LabError) {
        for _ in 0..<20 {
            guard let descriptor = try? Socket.make(SOCK_DGRAM) else { break }
            defer { close(descriptor) }
            _ = Socket.connect(descriptor, to: LabNetwork.nodeAddress(number), port: LabNetwork.port)
            Glibc.send(descriptor, "", 0, 0)
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&wait, 1, 250) > 0, Socket.error(descriptor) == ECONNREFUSED { return }
        }
        throw LabError("the client does not reach \(LabNetwork.nodeName(number)) over the bridge")
    }

    private func report(_ statistics: TrafficStatistics) { member.report(.traffic(statistics)) }

    private func send() throws(SystemError) {
        let reactor = try Reactor()
        try member.endWithSupervisor(reactor)
        let traffic = member.options.hasTraffic ? Traffic(member.options, reactor: reactor) { report($0) } : nil
        member.report(.ready)
        withExtendedLifetime(traffic) { reactor.run() }
    }
}
