import CLinux
import Glibc
import Reactor

/// Process 1 of a lab: it holds the bridge and the processes of the nodes and the client.
///
/// When it ends, in whatever way, the kernel kills all of them and dissolves their namespaces.
final class Supervisor {
    private static let startLimit = 20.0

    private let reactor: Reactor
    private let request: SupervisorRequest
    private let directory: LabDirectory
    private let path: String
    private let outerPid: pid_t
    private var starter: Reactor.Token?
    private var members: [Member] = []
    private var phase = Phase.joining
    private var report: LabReport

    private enum Phase { case joining, configuring, starting, up }

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
            for number in 0...request.options.nodes { try start(number) }
        } catch {
            end(error)
        }
        reactor.after(Self.startLimit) { [unowned self] in
            if phase != .up { end(LabError("the lab was not up after \(Int(Self.startLimit)) seconds")) }
        }
        reactor.after(0.5, repeating: true) { [unowned self] in writeReport() }
        reactor.run()
        end(nil)
    }

    private func start(_ number: Int) throws(LabError) {
        let name = number == 0 ? LabNetwork.clientName : LabNetwork.nodeName(number)
        do {
            let member = try Member(name: name, number: number, reactor: reactor)
            member.onEvent = { [unowned self] in received($0, from: member) }
            member.onEnd = { [unowned self] in ended(member) }
            member.send(MemberRequest.join(name: name, number: number, options: request.options))
            members.append(member)
        } catch {
            throw LabError("the lab \(error.description)")
        }
    }

    private func received(_ event: MemberEvent, from member: Member) {
        switch event {
        case .joined(let pid):
            member.outerPid = pid
            advance(member)
        case .ready: advance(member)
        case .failed(let sentence): end(LabError(sentence))
        case .service(let statistics): member.service = statistics
        case .traffic(let statistics): report.traffic = statistics
        }
    }

    private func ended(_ member: Member) {
        if phase != .up { end(LabError("the lab's process for \(member.name) ended while it was started")) }
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
        let nodes = members.dropFirst().map { LabState.Member(name: $0.name, pid: $0.outerPid) }
        let state = LabState(
            directory: path, supervisor: outerPid, startTime: ProcessFacts.startTime(),
            hasUserNamespace: request.hasUserNamespace, options: request.options, nodes: nodes,
            client: LabState.Member(name: members[0].name, pid: members[0].outerPid))
        do {
            writeReport()
            try LabDirectory.replace(state.clusterFile, with: Array(state.clusterFileText.utf8))
            try LabDirectory.replace(path + "/lab.json", with: LabJSON.encode(state))
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

    private func writeReport() {
        guard phase == .up else { return }
        let previous = report
        report.nodes = members.dropFirst().map {
            LabReport.Node(name: $0.name, isAlive: $0.isAlive, service: $0.service)
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
