import AgentProtocol
import ClusterModel
import Logging
import NodeAgent
import NodeDriver
import Responsibility
import SimulatedNodes
import Testing

@Suite("What an agent changed is in the node's log")
struct LoggedAgentTests {
    /// Keeps messages for a test.
    ///
    /// Unchecked, since a log handler must be Sendable and each test logs from its own thread alone.
    private final class Kept: @unchecked Sendable {
        var lines: [String] = []
    }

    private struct Handler: LogHandler {
        let kept: Kept
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
            kept.lines.append("\(event.level): \(event.message) [\(fields)]")
        }
    }

    private static let configuration = ClusterConfiguration(
        name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 8, seed: 42)))

    private static func step(_ changes: [StepRequest.Change]) -> AgentCall {
        .apply(StepRequest(operation: "op-1", address: configuration.address, changes: changes))
    }

    private static func logged(_ calls: [AgentCall], readOnly: Bool = false) throws -> [String] {
        let driver = SimulatedDriver()
        if readOnly { try driver.install(configuration, owned: [1]) }
        let identity = AgentIdentity(
            version: "1", host: "h", kernel: "k", drivers: [driver.description], readOnly: readOnly)
        let kept = Kept()
        let agent = LoggedAgent(
            Agent(driver.registry, identity: identity), logger: Logger(label: "test") { _ in Handler(kept: kept) })
        for call in calls {
            let before = kept.lines.count
            _ = agent.receive(.call(1, call))
            #expect(kept.lines.count == before, "the answer comes first")
            agent.answered()
        }
        return kept.lines
    }

    @Test("what is done, with its operation and address")
    func done() throws {
        let lines = try Self.logged([
            .hello, .install(Self.configuration, owned: [1, 2, 3, 4]), .snapshot,
            Self.step([
                .init(bucket: 1, from: .owned, to: .draining), .init(bucket: 2, from: .owned, to: .draining),
                .init(bucket: 7, from: nil, to: .owned),
            ]), .watch(interval: 1000), .uninstall(Self.configuration.address),
        ])
        #expect(
            lines == [
                "notice: member of web on eth0, owning 1-4 [address=10.8.0.1]",
                "notice: 1-2: owned → draining, 7: none → owned [address=10.8.0.1 operation=op-1]",
                "notice: member no more [address=10.8.0.1]",
            ])
    }

    @Test("what was refused, and why")
    func refused() throws {
        let lost = Self.step([.init(bucket: 5, from: .owned, to: nil)])
        let lines = try Self.logged([.install(Self.configuration, owned: [1]), lost])
        #expect(
            lines.last
                == "warning: refused (5: owned → none): 5 was not as expected [address=10.8.0.1 operation=op-1]")
        let readOnly = try Self.logged([lost], readOnly: true)
        #expect(readOnly.count == 1 && readOnly[0].hasPrefix("error: failed (5: owned → none): "), "\(readOnly)")
    }
}
