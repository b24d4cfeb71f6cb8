import Glibc
import Reactor

/// A node: its addresses, its membership of the cluster, its echo service.
struct NodeProcess {
    private let member: MemberProcess

    init(_ member: MemberProcess) { self.member = member }

    /// Becomes a node and serves until the supervisor ends.
    func run() throws(LabError) {
        try member.expect(.configure)
        try member.configureLinks([
            "address add \(LabNetwork.nodeAddress(member.number))/\(LabNetwork.prefixLength) dev \(LabNetwork.interface)",
            "route add \(LabNetwork.clientNetwork)/16 via \(LabNetwork.clientAddress)",
        ])
        try Membership(number: member.number, options: member.options).install()
        do {
            try serve()
        } catch {
            throw LabError("\(member.name) \(error.description)")
        }
    }

    private func serve() throws(SystemError) {
        let reactor = try Reactor()
        let service = try EchoService(name: member.name, reactor: reactor)
        try member.endWithSupervisor(reactor)
        var reported = service.statistics
        reactor.after(0.5, repeating: true) {
            if service.statistics != reported { member.report(.service(service.statistics)) }
            reported = service.statistics
        }
        member.report(.ready)
        reactor.run()
    }
}
