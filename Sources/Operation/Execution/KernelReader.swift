import AgentProtocol
import ClusterModel
import Observation
import Planning
import Responsibility

/// Reads what the kernels of some nodes hold, and who wrote it.
public struct KernelReader {
    private let fleet: Fleet
    private let timeout: Double

    /// A reader over a fleet; each request may take so many seconds.
    public init(fleet: Fleet, timeout: Double = 2) {
        self.fleet = fleet
        self.timeout = timeout
    }

    /// Asks these nodes; the completion is called once, and a node that does not answer is missing in what it gets.
    public func read(
        _ address: IPv4Address, nodes: [String], completion: @escaping ([String: Recovery.Kernel]) -> Void
    ) {
        let indices = fleet.names.indices.filter { nodes.contains(fleet.names[$0]) }
        let reading = Reading(unread: indices.count, completion: completion)
        if indices.isEmpty { return completion([:]) }
        for index in indices {
            let name = fleet.names[index]
            fleet.call(.operations(address), node: index, timeout: timeout) { operations in
                guard case .success(.operations(let operations)) = operations else { return reading.take(name, nil) }
                fleet.call(.snapshot, node: index, timeout: timeout) { sample in
                    reading.take(name, Self.kernel(sample, operations, address))
                }
            }
        }
    }

    private static func kernel(
        _ result: Result<AgentResult, AgentFailure>, _ operations: [Int: String], _ address: IPv4Address
    ) -> Recovery.Kernel? {
        guard case .success(.sample(let wire)) = result else { return nil }
        return wire.clusters.first { $0.address == address }?.ownership.map {
            Recovery.Kernel(ownership: $0, operations: operations)
        }
    }

    private final class Reading {
        private var kernels: [String: Recovery.Kernel] = [:]
        private var unread: Int
        private let completion: ([String: Recovery.Kernel]) -> Void

        init(unread: Int, completion: @escaping ([String: Recovery.Kernel]) -> Void) {
            self.unread = unread
            self.completion = completion
        }

        func take(_ name: String, _ kernel: Recovery.Kernel?) {
            kernels[name] = kernel
            unread -= 1
            if unread == 0 { completion(kernels) }
        }
    }
}
