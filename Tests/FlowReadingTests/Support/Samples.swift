import Foundation
import Responsibility
import Testing

/// Flows and files that several tests use.
enum Samples {
    static let cluster = IPv4Address(10, 8, 0, 1)
    static let client = IPv4Address(192, 0, 2, 1)

    static func flow(
        _ transport: TransportProtocol = .tcp, from source: IPv4Address = client, port: UInt16 = 40_000
    ) -> Flow {
        Flow(transport: transport, source: source, sourcePort: port, destination: cluster, destinationPort: 443)
    }

    /// A file of this target's Data.
    static func data(_ name: String) throws -> Data {
        let url = try #require(Bundle.module.resourceURL).appendingPathComponent("Data").appendingPathComponent(name)
        return try Data(contentsOf: url)
    }

    /// The flows that a real 6.1 kernel placed, as the engine's tests have them.
    static func kernelFlows() throws -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = tests.appendingPathComponent("ResponsibilityTests/Data/legacy-kernel-flows.csv")
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }
}
