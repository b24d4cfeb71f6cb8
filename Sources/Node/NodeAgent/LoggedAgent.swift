import AgentProtocol
import ClusterModel
import Glibc
import Logging

/// An agent whose changes of the node, done and refused, are written into a log.
///
/// So each node keeps a record of its own, whichever operator's journal has the plan.
public final class LoggedAgent: AgentEndpoint {
    private let agent: any AgentEndpoint
    private let logger: Logger
    /// What has been answered, or is about to be, and is not in the log yet.
    private var unlogged: [(call: AgentCall, result: AgentAnswer)] = []

    /// An agent with its log.
    public init(_ agent: any AgentEndpoint, logger: Logger) {
        self.agent = agent
        self.logger = logger
    }

    /// Whether calls that change the node are refused.
    public var isReadOnly: Bool { agent.isReadOnly }

    /// The interval of the running watch in milliseconds; nil when none runs.
    public var watchInterval: Int? { agent.watchInterval }

    /// The next sample of the running watch.
    public func tick() -> [AgentFrame] { agent.tick() }

    /// Answers one frame.
    public func receive(_ frame: AgentFrame) -> [AgentFrame] {
        let answers = agent.receive(frame)
        guard case .call(_, let call) = frame, call.changesNode else { return answers }
        for case .answer(_, let result) in answers { unlogged.append((call, result)) }
        return answers
    }

    /// Logs what the calls have changed: nobody waits for that any more.
    public func answered() {
        for (call, result) in unlogged { log(call, result) }
        unlogged = []
        agent.answered()
    }

    private func log(_ call: AgentCall, _ result: AgentAnswer) {
        let (text, fields) = Self.words(call)
        switch result {
        case .success(.step(.refused(let mismatches))):
            let found = BucketSet(mismatches.map(\.bucket))
            logger.warning("refused (\(text)): \(found) was not as expected", metadata: fields)
        case .success: logger.notice("\(text)", metadata: fields)
        case .failure(let failure): logger.error("failed (\(text)): \(failure.message)", metadata: fields)
        }
    }

    /// What a call changes, and its fields.
    private static func words(_ call: AgentCall) -> (String, Logger.Metadata) {
        switch call {
        case .apply(let step):
            let parts = Dictionary(grouping: step.changes) { "\(word($0.from)) → \(word($0.to))" }
                .map { "\(BucketSet($0.value.map(\.bucket))): \($0.key)" }.sorted()
            return (
                parts.joined(separator: ", "), ["address": "\(step.address)", "operation": "\(step.operation)"]
            )
        case .install(let configuration, let owned, _):
            return (
                "member of \(configuration.name) on \(configuration.interface), owning \(owned.isEmpty ? "nothing" : owned.description)",
                ["address": "\(configuration.address)"]
            )
        case .admit(let configuration, _, _):
            return (
                "member of \(configuration.name) on \(configuration.interface)",
                ["address": "\(configuration.address)"]
            )
        case .noted(let call, let note):
            var (text, fields) = words(call)
            fields["operator"] = "\(note.who)"
            fields["plan"] = "\(note.title)"
            fields["reason"] = note.reason.map { "\($0)" }
            return (text, fields)
        case .rebuild(let configuration, _, _):
            return (
                "tables made anew for \(configuration.name) on \(configuration.interface)",
                ["address": "\(configuration.address)"]
            )
        case .enroll(let address, let adding, let removing):
            let gone = removing.isEmpty ? "" : ", no more \(removing.joined(separator: ", "))"
            return ("members listed: \(adding.joined(separator: ", "))\(gone)", ["address": "\(address)"])
        case .announce(let address): return ("announced the cluster MAC", ["address": "\(address)"])
        case .observe(let address): return ("counts packets beside the rules", ["address": "\(address)"])
        case .endObserving(let address): return ("counts packets no more", ["address": "\(address)"])
        case .leave(let address): return ("left, owning nothing", ["address": "\(address)"])
        case .uninstall(let address): return ("member no more", ["address": "\(address)"])
        case .dropConnections(let address, let buckets):
            return ("forgot the connections of \(buckets)", ["address": "\(address)"])
        case .hello, .snapshot, .watch, .operations, .connections: return (call.method, [:])
        }
    }

    private static func word(_ state: BucketState?) -> String { state?.rawValue ?? "none" }
}

extension Logger.Metadata {
    /// For whom an agent works: who logged in, and from where, as OpenSSH tells (`SSH_CLIENT`).
    static func operatorOfThisProcess() -> Logger.Metadata {
        var fields: Logger.Metadata = [:]
        if let user = ProcessUser.name(pid: UInt32(getpid())) { fields["user"] = "\(user.madeSafe(limit: 64))" }
        if let client = getenv("SSH_CLIENT").map({ String(cString: $0) })?.split(separator: " ").first {
            fields["client"] = "\(String(client).madeSafe(limit: 64))"
        }
        return fields
    }
}
