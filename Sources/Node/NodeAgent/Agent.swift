import AgentProtocol
import ClusterModel
import NodeDriver
import Reactor

/// The agent itself: carries out calls through the drivers of its node and keeps one watch; does no input or output of its own.
public final class Agent: AgentEndpoint {
    private let registry: DriverRegistry
    private let identity: AgentIdentity
    private let now: () -> UInt64
    private var encoder = SampleEncoder()
    private var census = ConnectionCensus()
    private var announcer = Announcer()
    private var survey = ReplySurvey()
    private var changes: [RulesetChange] = []

    /// The interval of the running watch in milliseconds; nil when none runs.
    public private(set) var watchInterval: Int?

    /// Whether every call that changes the node is refused.
    public var isReadOnly: Bool { identity.readOnly }

    /// An agent over the drivers of a node; `now` gives the time in nanoseconds, from any beginning.
    public init(
        _ registry: DriverRegistry, identity: AgentIdentity, now: @escaping () -> UInt64 = { Reactor.now }
    ) {
        self.registry = registry
        self.identity = identity
        self.now = now
    }

    /// Takes commits of the ruleset that the kernel told of; the next sample of the watch carries the last sixteen.
    public func note(_ changes: [RulesetChange]) { self.changes = (self.changes + changes).suffix(16) }

    /// Answers a call; frames that are no calls are let fall, since an agent asks nothing.
    public func receive(_ frame: AgentFrame) -> [AgentFrame] {
        switch frame {
        case .call(let number, let call):
            guard !(isReadOnly && call.changesNode) else {
                return [.answer(number, .failure(.readOnly(method: call.method)))]
            }
            return [.answer(number, result(of: call))] + (startsWatch(call) ? tick() : [])
        case .unusableCall(let number, let failure):
            return [.answer(number, .failure(failure))]
        case .answer, .sample, .alive:
            return []
        }
    }

    /// The next sample of the running watch.
    public func tick() -> [AgentFrame] {
        var sample = registry.sample()
        if census.complete(&sample, with: registry.probe), !isReadOnly { registry.tidy() }
        survey.complete(&sample, with: registry.probe)
        if !isReadOnly { for cluster in announcer.due(sample, now: now()) { try? registry.probe.announce(cluster) } }
        sample.changes = changes
        changes = []
        return [.sample(encoder.encode(sample))]
    }

    private func startsWatch(_ call: AgentCall) -> Bool {
        guard case .watch(let interval) = call else { return false }
        return interval > 0
    }

    private func result(of call: AgentCall) -> Result<AgentResult, AgentFailure> {
        Result { () throws(DriverError) in try carryOut(call) }.mapError(failure)
    }

    private func carryOut(_ call: AgentCall) throws(DriverError) -> AgentResult {
        switch call {
        case .hello:
            return .identity(identity)
        case .snapshot:
            var whole = SampleEncoder()
            return .sample(whole.encode(registry.sample()))
        case .watch(let interval):
            watchInterval = interval > 0 ? min(max(interval, 50), 60_000) : nil
            encoder = SampleEncoder()
            return .done
        case .apply(let step):
            defer { census.postpone() }
            return .step(try registry.apply(step))
        case .operations(let address):
            census.postpone()
            return .operations(try registry.operations(of: address, isReadOnly: isReadOnly))
        case .connections(let address):
            return .connections(try registry.connections(of: address))
        case .dropConnections(let address, let buckets):
            return .dropped(try registry.dropConnections(of: buckets, address: address))
        case .install(let configuration, let owned, let name):
            try registry.driver(named: name).install(configuration, owned: owned)
            announcer.begin(configuration.address)
            return .done
        case .admit(let configuration, let name, let members):
            try admit(configuration, by: name, members)
            announcer.begin(configuration.address)
            return .done
        case .rebuild(let configuration, let scheme, let isKept):
            try registry.rebuild(configuration, from: scheme, keeping: isKept)
            announcer.begin(configuration.address)
            return .done
        case .announce(let address):
            try registry.announce(address)
            return .done
        case .observe(let address):
            try registry.observe(address)
            return .done
        case .endObserving(let address):
            try registry.endObserving(address)
            return .done
        case .leave(let address):
            try registry.driver(of: address).driver.leave(address)
            return .done
        case .uninstall(let address):
            try registry.driver(of: address).driver.uninstall(address)
            return .done
        case .enroll(let address, let adding, let removing):
            try registry.driver(of: address).driver.enroll(address, adding: adding, removing: removing)
            return .done
        case .noted(.apply(let step), let note):
            defer { census.postpone() }
            return .step(try registry.apply(step, note: note))
        case .noted(let call, _):
            return try carryOut(call)
        }
    }

    /// A member stays with the driver that enforces it.
    private func admit(
        _ configuration: ClusterConfiguration, by name: String?, _ members: [String]
    ) throws(DriverError) {
        let driver: any Driver
        if let there = try? registry.driver(of: configuration.address).driver {
            driver = there
        } else {
            driver = try registry.driver(named: name)
        }
        try driver.admit(configuration)
        // Whoever hears this node alone must know whom else to ask.
        if !members.isEmpty { try driver.enroll(configuration.address, adding: members, removing: []) }
    }

    private func failure(_ error: DriverError) -> AgentFailure {
        AgentFailure(
            code: error.code, message: error.message,
            clock: error.code == .expired ? registry.probe.monotonicNanoseconds : nil)
    }
}
