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
        let membership = Membership(number: member.number, options: member.options, isBoot: member.isBoot)
        let isGuarded = member.options.hasGuard && member.options.kind(ofNode: member.number) == .nftables
        let guardProcess = isGuarded ? try GuardProcess(membership) : nil
        try membership.install()
        do {
            try serve(guardProcess)
        } catch {
            throw LabError("\(member.name) \(error.description)")
        }
    }

    private func serve(_ guardProcess: GuardProcess?) throws(SystemError) {
        let reactor = try Reactor()
        try guardProcess?.keep(reactor)
        let service = ServiceProcess(name: member.name, reactor: reactor)
        var isReady = false
        service.onEvent = { event in
            member.report(event)
            if !isReady, event == .serviceState(.running) {
                isReady = true
                member.report(.ready)
            }
        }
        try service.perform(.start)
        var lines = LineBuffer(limit: 1 << 16)
        try reactor.watch(0) { _ in
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(0, &buffer, buffer.count)
            // The supervisor has ended; the kernel would end this process as well.
            guard count > 0 || count < 0 && errno == EINTR else { exit(0) }
            lines.append(buffer[..<max(count, 0)])
            while let line = lines.next() {
                guard case .service(let action) = try? LabJSON.decode(MemberRequest.self, from: line) else { continue }
                do throws(SystemError) { try service.perform(action) } catch {
                    member.report(.failed("\(member.name) \(error.description)"))
                }
            }
        }
        withExtendedLifetime(guardProcess) { reactor.run() }
    }
}

/// The echo service of a node, in a process of its own, so that it can die or hang while the node goes on.
final class ServiceProcess {
    /// Takes what is to be told the supervisor.
    var onEvent: (MemberEvent) -> Void = { _ in }

    private let name: String
    private let reactor: Reactor
    private var process: ChildProcess?
    private var token: Reactor.Token?
    private var lines = LineBuffer(limit: 1 << 16)
    private var state = ServiceState.dead

    /// A service that does not run yet.
    init(name: String, reactor: Reactor) {
        self.name = name
        self.reactor = reactor
    }

    /// Does something with the process; what became of it is told by an event.
    func perform(_ action: ServiceAction) throws(SystemError) {
        switch action {
        case .start: try start()
        case .kill: process?.signal(SIGKILL)
        case .stop:
            process?.signal(SIGSTOP)
            enter(.stopped)
        case .continue:
            process?.signal(SIGCONT)
            enter(.running)
        }
    }

    private func start() throws(SystemError) {
        let process = try ChildProcess(
            arguments: [ProcessFacts.executable() ?? "/proc/self/exe", "lab-service", name], errorOutput: .inherited,
            endsWithProgram: true)
        self.process = process
        lines = LineBuffer(limit: 1 << 16)
        token = try reactor.watch(process.output) { [unowned self] _ in receive(from: process) }
    }

    /// Takes counters, of which the first say that the service listens.
    private func receive(from process: ChildProcess) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(process.output, &buffer, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0 else { return ended(process) }
        lines.append(buffer[..<count])
        while let line = lines.next() {
            guard let statistics = try? LabJSON.decode(ServiceStatistics.self, from: line) else { continue }
            onEvent(.service(statistics))
            if state == .dead { enter(.running) }
        }
    }

    private func ended(_ process: ChildProcess) {
        token.map(reactor.cancel)
        process.reap(waiting: true)
        self.process = nil
        guard state != .dead else {
            return onEvent(.failed("the service of \(name) ended as it began: \(process.ending ?? "")"))
        }
        onEvent(.service(ServiceStatistics()))
        enter(.dead)
    }

    private func enter(_ next: ServiceState) {
        state = next
        onEvent(.serviceState(next))
    }
}
