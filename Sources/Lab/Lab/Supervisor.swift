import CLinux
import Glibc
import Reactor

/// Process 1 of a lab: it holds the bridge and the processes of the nodes and the client.
///
/// When it ends, in whatever way, the kernel kills all of them and dissolves their namespaces.
final class Supervisor {
    private static let startLimit = 20.0
    /// So many seconds more a lab may take for each node.
    private static let startShare = 0.5

    /// So many seconds more it may take for a kernel that boots.
    private static let kernelShare = 20.0

    let reactor: Reactor
    private let request: SupervisorRequest
    private let directory: LabDirectory
    let path: String
    private let outerPid: pid_t
    private var starter: Reactor.Token?
    private var control: ControlSocket?
    /// The client and the nodes, by their numbers.
    private(set) var members: [Member] = []
    private(set) var phase = Phase.joining
    private var report: LabReport

    enum Phase { case joining, configuring, starting, up }

    /// Takes the lock, makes the lab's directory and starts the processes.
    init(_ request: SupervisorRequest) throws(LabError) {
        guard let outerPid = ProcessFacts.outerPid() else { throw LabError("the lab needs /proc to be mounted") }
        self.outerPid = outerPid
        self.request = request
        directory = LabDirectory(path: request.base)
        try directory.lock()
        path = try directory.makeMember(outerPid)
        report = LabReport(nodes: [], clientIsAlive: true)
        do {
            reactor = try Reactor()
            try reactor.onSignals([SIGTERM, SIGINT, SIGHUP]) { [unowned self] _ in end(nil) }
            // Until the lab is up, a starter that gives up ends it; afterwards only one that it is bound to.
            starter = try reactor.watch(0) { [unowned self] _ in end(nil) }
        } catch {
            directory.remove()
            throw LabError("the lab \(error.description)")
        }
    }

    /// Runs the lab to its end; the answer to the starter goes to the standard output.
    func run() -> Never {
        StandardStreams.sendErrors(to: path + "/log")
        do {
            for number in 0...request.options.nodes { members.append(try start(number)) }
        } catch {
            end(error)
        }
        let limit = Self.startLimit(request.options)
        reactor.after(limit) { [unowned self] in
            if phase != .up { end(LabError("the lab was not up after \(Int(limit)) seconds")) }
        }
        reactor.after(0.5, repeating: true) { [unowned self] in writeReport() }
        reactor.run()
        end(nil)
    }

    private static func startLimit(_ options: LabOptions) -> Double {
        startLimit + startShare * Double(options.nodes) + kernelShare * Double(options.kernels.count)
    }

    private func start(_ number: Int) throws(LabError) -> Member {
        let name = number == 0 ? LabNetwork.clientName : LabNetwork.nodeName(number)
        do {
            let member = try Member(
                name: name, number: number, hasGuest: request.options.release(ofNode: number) != nil, reactor: reactor)
            member.onEvent = { [unowned self] in received($0, from: member) }
            member.onEnd = { [unowned self] in ended(member) }
            member.send(
                MemberRequest.join(
                    name: name, number: number, options: request.options, isBoot: phase == .up, directory: path))
            return member
        } catch {
            throw LabError("the lab \(error.description)")
        }
    }

    private func received(_ event: MemberEvent, from member: Member) {
        switch event {
        case .joined(let pid):
            member.outerPid = pid
            phase == .up ? connect(member) : advance(member)
        case .ready: phase == .up ? admit(member) : advance(member)
        case .failed(let sentence):
            guard phase == .up else { end(LabError(sentence)) }
            fail(member, LabError(sentence))
        case .service(let statistics): member.service = statistics
        case .serviceState(let state):
            member.serviceState = state
            if member.isDone { member.answered(nil) }
        case .traffic(let statistics): report.traffic = statistics
        }
    }

    private func ended(_ member: Member) {
        guard phase == .up else { end(LabError("the lab's process for \(member.name) ended while it was started")) }
        lose(member)
        member.answered(LabError("\(member.name) ended"))
    }

    /// A member has done what this phase asks for; the last one opens the next phase.
    private func advance(_ member: Member) {
        member.isDone = true
        guard members.count == request.options.nodes + 1, members.allSatisfy(\.isDone) else { return }
        switch phase {
        case .joining:
            do throws(LabError) { try Bridge.connect(members, hasUserNamespace: request.hasUserNamespace) } catch {
                end(error)
            }
            enter(.configuring, telling: members, .configure)
        case .configuring: enter(.starting, telling: [members[0]], .start)
        case .starting: answer()
        case .up: break
        }
    }

    private func enter(_ next: Phase, telling receivers: [Member], _ message: MemberRequest) {
        phase = next
        for member in receivers {
            member.isDone = false
            member.send(message)
        }
    }

    /// Everybody is ready: writes the files and tells the starter.
    private func answer() {
        phase = .up
        do {
            writeReport()
            for member in members { try member.publish(in: path, supervisor: outerPid) }
            for member in members where member.hasGuest { try state.writeRunner(of: member.name) }
            try LabDirectory.replace(state.clusterFile, with: Array(state.clusterFileText.utf8))
            try writeState()
            control = try ControlSocket(in: path, reactor: reactor) { [unowned self] in carryOut($0, $1) }
        } catch {
            end(LabError("\(error)"))
        }
        LabJSON.write(SupervisorAnswer.ready(state), to: 1)
        StandardStreams.release(1)
        if !request.isBound, let starter {
            reactor.cancel(starter)
            StandardStreams.release(0)
        }
    }

    private var state: LabState {
        LabState(
            directory: path, supervisor: outerPid, startTime: ProcessFacts.startTime(),
            hasUserNamespace: request.hasUserNamespace, options: request.options,
            nodes: members.dropFirst().map { LabState.Member(name: $0.name, pid: $0.outerPid) },
            client: LabState.Member(name: members[0].name, pid: members[0].outerPid))
    }

    private func writeState() throws(LabError) {
        guard let bytes = try? LabJSON.encode(state) else { return }
        try LabDirectory.replace(path + "/lab.json", with: bytes)
    }

    private func writeReport() {
        guard phase == .up else { return }
        let previous = report
        report.nodes = members.dropFirst().map {
            LabReport.Node(
                name: $0.name, isAlive: $0.isAlive, serviceState: $0.serviceState, service: $0.service)
        }
        report.clientIsAlive = members[0].isAlive
        guard report != previous, let bytes = try? LabJSON.encode(report) else { return }
        try? LabDirectory.replace(path + "/status.json", with: bytes)
    }

    /// Ends the lab: the kernel does the rest.
    private func end(_ error: LabError?) -> Never {
        directory.remove()
        if let error, phase != .up { LabJSON.write(SupervisorAnswer.failed(error.description), to: 1) }
        exit(error == nil ? 0 : 1)
    }
}

/// Nodes that die and boot while the lab is up.
extension Supervisor {
    /// Carries out an order, and calls `reply` when it is done or cannot be.
    private func carryOut(_ order: LabOrder, _ reply: @escaping (LabError?) -> Void) {
        guard let member = members.dropFirst().first(where: { $0.name == order.node }) else {
            return reply(.noSuchNode(order.node, nodes: request.options.nodes))
        }
        let name = member.name
        guard member.answer == nil else { return reply(LabError("\(name) is busy with another order")) }
        switch order {
        case .kill:
            guard member.isAlive else { return reply(LabError("\(name) is dead already")) }
            lose(member)
            reply(nil)
        case .boot:
            guard !member.isAlive else {
                return reply(LabError("\(name) is running; `clusterip lab kill \(name)` first"))
            }
            boot(member.number, reply)
        case .service(_, let action):
            guard member.isAlive else { return reply(LabError("\(name) is dead; `clusterip lab boot \(name)` first")) }
            if let obstacle = action.obstacle(member.serviceState) {
                return reply(LabError("the service of \(name) \(obstacle)"))
            }
            member.answer = reply
            member.send(.service(action))
        }
    }

    /// The node is dead from now on: nobody can enter it, it is off the wire, and then its processes end.
    ///
    /// Programs of others that are in its network namespace hold a kernel that reaches nobody; only they themselves, or who
    /// gave the order, can end them.
    private func lose(_ member: Member) {
        member.withdraw(from: path)
        Bridge.disconnect(member)
        member.end()
        writeReport()
    }

    private func boot(_ number: Int, _ reply: @escaping (LabError?) -> Void) {
        do throws(LabError) {
            let member = try start(number)
            members[number] = member
            member.answer = reply
            let limit = Self.startLimit + (member.hasGuest ? Self.kernelShare : 0)
            reactor.after(limit) { [unowned self] in
                guard !member.isDone, member.isAlive else { return }
                fail(member, LabError("\(member.name) was not up after \(Int(limit)) seconds"))
            }
        } catch { reply(error) }
    }

    /// The booting node has its network namespace: it gets its cable.
    private func connect(_ member: Member) {
        do throws(LabError) {
            try Bridge.connect(member)
            member.send(.configure)
        } catch { fail(member, error) }
    }

    /// The booting node is up: it can be entered.
    private func admit(_ member: Member) {
        do throws(LabError) {
            try member.publish(in: path, supervisor: outerPid)
            try writeState()
            writeReport()
            member.isDone = true
            member.answered(nil)
        } catch { fail(member, error) }
    }

    private func fail(_ member: Member, _ error: LabError) {
        if !member.isDone { lose(member) }
        member.answered(error)
    }
}
