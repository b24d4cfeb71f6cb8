import ClusterModel
import Responsibility

/// What the tables and their sets are called, by which a table is found again.
extension BucketTable {
    /// The sets that count packets: arrived, and accepted, which kernels know as `answered`.
    ///
    /// Every bucket is an element of both, and no move touches them.
    static let countingSets = ["arrived", "answered"]

    /// The sets that say what the node does with a bucket.
    ///
    /// An adopted bucket is in `owned` and in `adopted`; `released` holds buckets that an operation gave up, so that its
    /// author can prove that it did.
    static let ownershipSets = ["owned", "draining", "adopted", "released"]

    /// The ownership sets that hold a bucket in a state.
    static func sets(holding state: BucketState?) -> [String] {
        switch state {
        case .owned: ["owned"]
        case .draining: ["draining"]
        case .adopted: ["owned", "adopted"]
        case nil: ["released"]
        }
    }

    /// All tables of clusterip begin with this.
    static let prefix = "clusterip_"

    /// The name of the tables of an address, in the families ip and arp.
    static func name(_ address: IPv4Address) -> String {
        prefix + String(address.description.map { $0 == "." ? "_" : $0 })
    }

    /// The address that a table's name stands for.
    static func address(ofTable name: String) -> IPv4Address? {
        guard name.hasPrefix(prefix) else { return nil }
        return IPv4Address(String(name.dropFirst(prefix.count).map { $0 == "_" ? "." : $0 }))
    }

    /// The name of the tables.
    var name: String { Self.name(address) }
}
