import AgentProtocol
import ClusterModel
import HostileNodes
import NodeAgent
import NodeLinks
import Responsibility
import SimulatedNodes
import TestSupport
import Testing

/// Every message there is, tampered with on its way in each direction.
@Suite struct TamperedMessageTests {
    private static let address = IPAddress(10, 8, 0, 1)
    private static let configuration = ClusterConfiguration(
        name: "web", address: address, prefixLength: 16, interface: "eth0", mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 42)))

    /// An example of every call; a new one does not compile before it has one here.
    private static func example(_ call: AgentCall) -> AgentCall {
        switch call {
        case .hello: .snapshot
        case .snapshot: .watch(interval: 1000)
        case .watch: .apply(step)
        case .apply: .operations(address)
        case .operations: .connections(address)
        case .connections: .dropConnections(address, [1, 2])
        case .dropConnections: .install(configuration, owned: [1])
        case .install: .rebuild(configuration, from: nil, keeping: true)
        case .rebuild: .leave(address)
        case .leave: .uninstall(address)
        case .uninstall: .admit(configuration)
        case .admit: .noted(.apply(step), OperationNote(who: "anna@ops", title: "drain node1", reason: "a new disk"))
        case .noted: .enroll(address, adding: ["node1", "node2"], removing: ["node3"])
        case .enroll: .announce(address)
        case .announce: .observe(address)
        case .observe: .endObserving(address)
        case .endObserving: .hello
        }
    }

    /// An example of every result; a new one does not compile before it has one here.
    private static func example(_ result: AgentResult) -> AgentResult {
        switch result {
        case .done: .dropped(2)
        case .dropped: .connections([1: 7])
        case .connections: .operations([3: "op-1"])
        case .operations: .step(.refused([.init(bucket: 3, expected: .owned, found: nil, writtenBy: "op-0")]))
        case .step: .sample(sample)
        case .sample:
            .identity(
                AgentIdentity(
                    version: "1", host: "node1", kernel: "6.1", drivers: [DriverDescription("nftables", .full)],
                    readOnly: false))
        case .identity: .done
        }
    }

    /// Everything that the examples lead to, from the first one on.
    private static func round<Value: Hashable>(_ first: Value, _ next: (Value) -> Value) -> [Value] {
        var (all, value) = ([first], next(first))
        while value != first, all.count < 100 {
            all.append(value)
            value = next(value)
        }
        return all
    }

    private static let step = StepRequest(
        operation: "op-1", address: address,
        changes: [.init(bucket: 3, from: .owned, to: .draining, by: ""), .init(bucket: 4, from: nil, to: .owned)])

    private static let sample = WireSample(
        time: 1_000_000_000, generation: 7, isWhole: true,
        clusters: [
            .init(
                address: address, configuration: configuration, driver: "nftables", capabilities: .full,
                ownership: Ownership(owned: [1, 2], draining: [3], adopted: [4]),
                counters: [1, 5, 300, 5, 300, 2, 7, 500, 0, 0], health: MulticastHealth(),
                alterations: [.ruleMissing(.init(.ip, "in"), rule: "drop")], connections: 3)
        ], changes: [RulesetChange(generation: 7, by: .other(.init(name: "nft", pid: 4711, user: "ops")))],
        bareAddresses: [address],
        facts: NodeFacts(
            conntrack: ConntrackTable(count: 5, limit: 9), boot: BootFacts(guarded: [address], members: [address])))

    private static let answers: [AgentFrame] =
        round(.done, example).map { .answer(3, .success($0)) } + [
            .sample(sample), .answer(3, .failure(AgentFailure(code: .busy, message: "no"))),
            .answer(nil, .failure(AgentFailure(message: "no"))),
        ]

    @Test(arguments: Tampering.Kind.allCases)
    func `a console takes it or ends the link, and says nothing that could command a terminal`(kind: Tampering.Kind) {
        for answer in Self.answers {
            for seed in 0..<12 as Range<UInt64> {
                var session = NodeSession()
                _ = session.start(now: 0)
                _ = session.call(.snapshot, ticket: 1, timeout: 5, now: 0)
                let line = Tampering(kind, seed: seed).apply(Array(answer.line().dropLast()))
                let actions =
                    session.handle(TamperingLink.event(line), now: 1) + session.handle(.frame(answer), now: 2)
                for case .completed(_, .failure(let failure)) in actions { #expect(Self.isSafe(failure.message)) }
                for case .sample(let sample) in actions {
                    #expect(sample.clusters.allSatisfy { Self.isSafe($0.configuration.name) && Self.isSafe($0.driver) })
                }
                if let identity = session.identity { #expect(Self.isSafe(identity.host + identity.version)) }
            }
        }
    }

    @Test(arguments: Tampering.Kind.allCases)
    func `an agent answers it, and changes nothing when it is read-only`(kind: Tampering.Kind) throws {
        for call in Self.round(AgentCall.hello, Self.example) {
            for seed in 0..<12 as Range<UInt64> {
                let driver = Nodes.driver(owning: [1, 2])
                let line = Tampering(kind, seed: seed).apply(Array(AgentFrame.call(1, call).line().dropLast()))
                let before = driver.generation
                guard let frame = try? AgentFrame(line: line, isReadOnly: true) else { continue }
                _ = Nodes.agent(driver, isReadOnly: true).receive(frame)
                #expect(driver.generation == before)
                _ = Nodes.agent(driver).receive((try? AgentFrame(line: line)) ?? frame)
            }
        }
    }

    private static func isSafe(_ text: String) -> Bool { text.unicodeScalars.allSatisfy { !$0.isUnsafe } }
}
