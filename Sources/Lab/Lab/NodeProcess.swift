import Glibc
import Reactor
import Responsibility

/// A node: its addresses, its membership of the cluster, its echo service.
struct NodeProcess {
    private let member: MemberProcess

    init(_ member: MemberProcess) { self.member = member }

    /// Becomes a node and serves until the supervisor ends.
    func run() throws(LabError) {
        try member.expect(.configure)
        if let release = member.options.release(ofNode: member.number) { return try run(on: release) }
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

    /// The same with a kernel of its own, which knows nothing when it boots into a lab that is up.
    private func run(on release: KernelRelease) throws(LabError) {
        try member.configureLinks([])
        let guest = try GuestMachine(number: member.number, release: release, directory: member.directory)
        if case .clusterIP(let placement) = member.options.scheme, !member.isBoot {
            try ForeignRules(number: member.number, options: member.options).install(on: guest, placement.mode)
        }
        do { try serve(nil, guest) } catch { throw LabError("\(member.name) \(error.description)") }
    }

    private func serve(_ guardProcess: GuardProcess?, _ guest: GuestMachine? = nil) throws(SystemError) {
        let reactor = try Reactor()
        try guardProcess?.keep(reactor)
        try guest?.endProgram(with: reactor)
        let service = ServiceProcess(name: member.name, reactor: reactor, guest: guest)
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
        withExtendedLifetime((guardProcess, guest)) { reactor.run() }
    }
}

/// The echo service of a node, in a process of its own, so that it can die or hang while the node goes on.
final class ServiceProcess {
    /// Takes what is to be told the supervisor.
    var onEvent: (MemberEvent) -> Void = { _ in }

    private let name: String
    private let reactor: Reactor
    /// The kernel in which it runs; nil: in this machine's.
    private let guest: GuestMachine?
    private var process: ChildProcess?
    private var token: Reactor.Token?
    private var lines = LineBuffer(limit: 1 << 16)
    private var state = ServiceState.dead

    /// A service that does not run yet.
    init(name: String, reactor: Reactor, guest: GuestMachine? = nil) {
        self.name = name
        self.reactor = reactor
        self.guest = guest
    }

    /// Does something with the process; what became of it is told by an event.
    func perform(_ action: ServiceAction) throws(SystemError) {
        switch action {
        case .start: try start()
        case .kill: signal(SIGKILL)
        case .stop:
            signal(SIGSTOP)
            enter(.stopped)
        case .continue:
            signal(SIGCONT)
            enter(.running)
        }
    }

    private func signal(_ number: Int32) {
        guard let guest else { return process?.signal(number) ?? () }
        do throws(LabError) { try guest.run(["sh", "-c", "kill -\(number) $(cat \(Self.pidFile))"]) } catch {
            onEvent(.failed("\(name): \(error.description)"))
        }
    }

    /// Where the service's process is noted in a kernel of the node's own.
    private static let pidFile = "/run/lab-service.pid"

    private func arguments() -> [String] {
        let words = [ProcessFacts.executable() ?? "/proc/self/exe", "lab-service", name]
        let noted = ["sh", "-c", "echo $$ > \(Self.pidFile); exec \"$@\"", "sh"] + words
        return guest == nil ? words : (try? GuestCommand.arguments(noted)) ?? noted
    }

    private func start() throws(SystemError) {
        let process = try ChildProcess(
            arguments: arguments(), errorOutput: .inherited, endsWithProgram: true)
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
