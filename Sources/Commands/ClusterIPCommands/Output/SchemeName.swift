import ArgumentParser
import ClusterModel
import Responsibility

/// What a cluster's nodes hash, as an option: a mode of ipt_CLUSTERIP, or cluster-match, which is xt_cluster's and IPaddr2's.
struct SchemeName: ExpressibleByArgument {
    /// The scheme for a number of buckets and a seed.
    let scheme: @Sendable (_ bucketCount: UInt32, _ seed: UInt32) -> HashScheme
    /// The word.
    let name: String

    /// The words there are.
    static var allValueStrings: [String] { HashMode.allCases.map(\.rawValue) + ["cluster-match"] }

    /// The mode in which both ports and addresses may differ.
    static let usual = SchemeName(mode: .sourceIPSourcePort)
    /// The scheme of xt_cluster.
    static let clusterMatch = SchemeName(name: "cluster-match") {
        .clusterMatch(ClusterMatch(bucketCount: $0, seed: $1))
    }

    init?(argument: String) {
        if argument == Self.clusterMatch.name {
            self = .clusterMatch
        } else if let mode = HashMode(rawValue: argument) {
            self.init(mode: mode)
        } else {
            return nil
        }
    }

    private init(mode: HashMode) {
        self.init(name: mode.rawValue) { .clusterIP(Placement(mode: mode, bucketCount: $0, seed: $1)) }
    }

    private init(
        name: String, scheme: @escaping @Sendable (_ bucketCount: UInt32, _ seed: UInt32) -> HashScheme
    ) {
        self.name = name
        self.scheme = scheme
    }

    var defaultValueDescription: String { name }
}
