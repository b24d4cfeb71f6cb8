import AgentProtocol
import ClusterModel
import DataPlane

/// The agent itself: carries out calls through a driver and keeps one watch; does no input or output of its own.
public final class Agent: AgentEndpoint {
    private let driver: any Driver
    private let identity: AgentIdentity
    private var encoder = SampleEncoder()
    private var census = ConnectionCensus()
    private var changes: [RulesetChange] = []

    /// The interval of the running watch in milliseconds; nil when none runs.
    public private(set) var watchInterval: Int?

    /// Whether every call that changes the node is refused.
    public var isReadOnly: Bool { identity.readOnly }

    /// An agent over a driver.
    public init(driver: any Driver, identity: AgentIdentity) {
        self.driver = driver
        self.identity = identity
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
        case .answer, .sample:
            return []
        }
    }

    /// The next sample of the running watch; a driver that cannot sample is reported as an answer to no call.
    public func tick() -> [AgentFrame] {
        do throws(DriverError) {
            var sample = try driver.sample()
            if census.complete(&sample, with: driver), !isReadOnly { try? driver.tidy() }
            sample.changes = changes
            changes = []
            return [.sample(encoder.encode(sample))]
        } catch {
            return [.answer(nil, .failure(Self.failure(error)))]
        }
    }

    private func startsWatch(_ call: AgentCall) -> Bool {
        guard case .watch(let interval) = call else { return false }
        return interval > 0
    }

    private func result(of call: AgentCall) -> Result<AgentResult, AgentFailure> {
        Result { () throws(DriverError) in try carryOut(call) }.mapError(Self.failure)
    }

    private func carryOut(_ call: AgentCall) throws(DriverError) -> AgentResult {
        switch call {
        case .hello:
            return .identity(identity)
        case .snapshot:
            var whole = SampleEncoder()
            return .sample(whole.encode(try driver.sample()))
        case .watch(let interval):
            watchInterval = interval > 0 ? min(max(interval, 50), 60_000) : nil
            encoder = SampleEncoder()
            return .done
        case .apply(let step):
            defer { census.postpone() }
            return .step(try driver.apply(step))
        case .operations(let address):
            census.postpone()
            return .operations(try driver.operations(of: address))
        case .connections(let address):
            return .connections(try driver.connections(of: address))
        case .dropConnections(let address, let buckets):
            return .dropped(try driver.dropConnections(of: buckets, address: address))
        case .install(let configuration, let owned):
            try driver.install(configuration, owned: owned)
            return .done
        case .admit(let configuration):
            try driver.admit(configuration)
            return .done
        case .rebuild(let configuration, let scheme, let isKept):
            try driver.rebuild(configuration, from: scheme, keeping: isKept)
            return .done
        case .leave(let address):
            try driver.leave(address)
            return .done
        case .uninstall(let address):
            try driver.uninstall(address)
            return .done
        case .noted(let call, _):
            return try carryOut(call)
        }
    }

    private static func failure(_ error: DriverError) -> AgentFailure {
        AgentFailure(code: error.code, message: error.message)
    }
}
