import AgentProtocol
import ClusterModel
import NodeAgent
import NodeDriver
import Responsibility
import SimulatedNodes
import Testing

@Suite struct AgentTests {
    private static let configuration = ClusterConfiguration(
        name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 42)))

    private static func agent(readOnly: Bool = false) throws -> Agent {
        let driver = SimulatedDriver()
        try driver.install(configuration, owned: [1, 2])
        return Agent(
            driver.registry,
            identity: AgentIdentity(
                version: "1", host: "h", kernel: "k", drivers: [driver.description], readOnly: readOnly))
    }

    private static func ask(_ agent: Agent, _ call: AgentCall) -> Result<AgentResult, AgentFailure>? {
        guard case .answer(1, let result)? = agent.receive(.call(1, call)).first else { return nil }
        return result
    }

    private static func step(_ bucket: Int, _ from: BucketState?, _ to: BucketState?, operation: String = "op-1")
        -> AgentCall
    {
        .apply(
            StepRequest(
                operation: operation, address: configuration.address,
                changes: [.init(bucket: bucket, from: from, to: to)]))
    }

    @Test func `a step is a compare-and-set`() throws {
        let agent = try Self.agent()
        #expect(Self.ask(agent, Self.step(1, .owned, .draining)) == .success(.step(.applied)))
        guard
            case .success(.step(.refused(let mismatches)))? = Self.ask(
                agent, Self.step(1, .owned, nil, operation: "op-2"))
        else { throw AgentFailure(message: "another answer") }
        #expect(mismatches == [.init(bucket: 1, expected: .owned, found: .draining, writtenBy: "op-1")])
    }

    @Test func `the same step twice is done once`() throws {
        let agent = try Self.agent()
        for _ in 1...2 { #expect(Self.ask(agent, Self.step(1, .owned, .draining)) == .success(.step(.applied))) }
    }

    @Test func `a change that names its author is refused when another operation was there meanwhile`() throws {
        let agent = try Self.agent()
        _ = Self.ask(agent, Self.step(1, .owned, nil, operation: "op-1"))
        func claim(by author: String) -> Result<AgentResult, AgentFailure>? {
            Self.ask(
                agent,
                .apply(
                    StepRequest(
                        operation: "op-2", address: Self.configuration.address,
                        changes: [.init(bucket: 1, from: nil, to: .owned, by: author)])))
        }
        let mismatch = StepOutcome.Mismatch(bucket: 1, expected: nil, found: nil, writtenBy: "op-1")
        #expect(claim(by: "") == .success(.step(.refused([mismatch]))))
        #expect(claim(by: "op-1") == .success(.step(.applied)))
        #expect(claim(by: "op-1") == .success(.step(.applied)), "the same operation's own work")
    }

    @Test func `bucket 17 of 4 is refused with a sentence`() throws {
        guard case .failure(let failure)? = Self.ask(try Self.agent(), Self.step(17, nil, .owned)) else {
            throw AgentFailure(message: "another answer")
        }
        #expect(failure.code == .badValue && failure.message.contains("17"))
    }

    @Test(arguments: [
        step(1, .owned, nil), .install(configuration, owned: []), .uninstall(configuration.address),
        .rebuild(configuration, from: nil, keeping: true), .admit(configuration),
        .noted(.uninstall(configuration.address), OperationNote(who: "anna@ops", title: "uninstall")),
        .leave(configuration.address),
        .dropConnections(configuration.address, [1]),
    ])
    func `a read-only agent refuses every change`(call: AgentCall) throws {
        guard case .failure(let failure)? = Self.ask(try Self.agent(readOnly: true), call) else {
            throw AgentFailure(message: "another answer")
        }
        #expect(failure.code == .readOnly)
    }

    @Test func `a watch begins with a whole sample, then sends what changed`() throws {
        let agent = try Self.agent()
        let frames = agent.receive(.call(1, .watch(interval: 1000)))
        guard frames.count == 2, case .sample(let first) = frames[1], case .sample(let second)? = agent.tick().first
        else { throw AgentFailure(message: "no samples") }
        #expect(first.isWhole && !second.isWhole)
        #expect(agent.watchInterval == 1000)
        _ = agent.receive(.call(2, .watch(interval: 0)))
        #expect(agent.watchInterval == nil)
    }
}
