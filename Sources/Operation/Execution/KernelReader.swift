import AgentProtocol
import ClusterModel
import Planning
import Responsibility

/// Reads what the kernels of some nodes hold, and which operations wrote it.
public struct KernelReader {
    private let calls: any NodeCalls
    private let timeout: Double

    /// A reader over a cluster's nodes; each request may take so many seconds.
    public init(_ calls: any NodeCalls, timeout: Double = 2) {
        self.calls = calls
        self.timeout = timeout
    }

    /// How long a request may take in a cluster of so many buckets, in seconds: a busy node with many needs some.
    public static func patience(buckets: Int?) -> Double { 2 + Double(buckets ?? 0) / 16_384 }

    /// What was read.
    public struct Found: Sendable {
        /// What the kernels hold; a node that did not answer, or has no table, is missing.
        public internal(set) var kernels: [String: Recovery.Kernel] = [:]
        /// The nodes that answered and have no table.
        public internal(set) var bare: Set<String> = []
    }

    /// Asks these nodes, as far as the cluster has them; the completion is called once.
    public func read(_ address: IPAddress, nodes: [String], completion: @escaping (Found) -> Void) {
        let known = calls.names.filter(nodes.contains)
        let reading = Reading(unread: known.count, completion: completion)
        if known.isEmpty { return completion(Found()) }
        for name in known {
            calls.call(.operations(address), on: name, timeout: timeout) { [calls, timeout] operations in
                guard case .success(.operations(let operations)) = operations else {
                    return reading.take(name, nil, isBare: Self.isAbsence(operations))
                }
                calls.call(.snapshot, on: name, timeout: timeout) { sample in
                    reading.take(name, Self.kernel(sample, operations, address))
                }
            }
        }
    }

    /// Whether a node answered that it has no table of the address.
    private static func isAbsence(_ result: Result<AgentResult, AgentFailure>) -> Bool {
        if case .failure(let failure) = result { return failure.code == .notFound }
        return false
    }

    private static func kernel(
        _ result: Result<AgentResult, AgentFailure>, _ operations: [Int: String], _ address: IPAddress
    ) -> Recovery.Kernel? {
        guard case .success(.sample(let wire)) = result else { return nil }
        guard let cluster = wire.clusters.first(where: { $0.address == address }) else { return nil }
        return cluster.ownership.map {
            Recovery.Kernel(ownership: $0, operations: operations, configuration: cluster.configuration)
        }
    }

    private final class Reading {
        private var found = Found()
        private var unread: Int
        private let completion: (Found) -> Void

        init(unread: Int, completion: @escaping (Found) -> Void) {
            self.unread = unread
            self.completion = completion
        }

        func take(_ name: String, _ kernel: Recovery.Kernel?, isBare: Bool = false) {
            found.kernels[name] = kernel
            if isBare { found.bare.insert(name) }
            unread -= 1
            if unread == 0 { completion(found) }
        }
    }
}
