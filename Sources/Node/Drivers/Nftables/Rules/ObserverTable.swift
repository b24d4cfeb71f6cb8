import CNetfilter
import ClusterModel
import Responsibility

/// A table that counts the packets of a cluster address whose mechanism, ipt_CLUSTERIP, does not; none of its rules decides.
///
/// Packets are counted as they arrive, before anything that may drop them; and those that the target let in, by the bucket that
/// it wrote into their connection's mark. Its name is none of a table of ours, which decide.
struct ObserverTable {
    private let table: BucketTable

    /// The table for these settings.
    init(_ settings: TableSettings) { table = BucketTable(settings: settings) }

    /// The name of the table for an address.
    static func name(_ address: IPv4Address) -> String {
        "observer_" + String(address.description.map { $0 == "." ? "_" : $0 })
    }

    /// The table's name.
    var name: String { Self.name(table.address) }
    /// The set of what arrived; its name stands for the settings, so that another cluster's counts are never read for this one's.
    var arrived: String { "arrived_" + suffix }
    /// The set of what was let in.
    var accepted: String { "accepted_" + suffix }
    /// The keys of both sets.
    var keys: ClosedRange<Int> { 1...table.configuration.bucketCount }

    private var suffix: String { String(table.tag >> 17, radix: 16) }

    /// After fragments were put together (-400) and before all else; and behind the target in the chain INPUT (0).
    var chains: [Chain] {
        let count: [Expression] = [.lookup(arrived, .bucket)]
        var chains: [Chain] = []
        var rules: [Rule] = []
        if table.hashesPorts {
            for (name, offset) in [("with_ports", UInt32(0)), ("with_ah", 4)] {
                chains.append(
                    Chain(
                        name: name,
                        rules: [Rule(comment: "counts", expressions: table.bucket(.transport(offset: offset)) + count)])
                )
            }
            rules = ([.tcp] + BucketTable.withPortsFirst).map { table.dispatch($0, to: "with_ports") }
            rules.append(table.dispatch(.ah, to: "with_ah"))
        }
        rules.append(Rule(comment: "counts", expressions: table.bucket(.none) + count))
        let toCluster = table.toCluster + table.cameIn
        return chains + [
            Chain(name: "arriving", rules: rules), table.entryChain("prerouting", priority: -301, to: "arriving"),
            Chain(
                name: "input", hook: .init(number: NF_INET_LOCAL_IN.rawValue, priority: 10),
                rules: [
                    Rule(
                        comment: "was let in",
                        expressions: toCluster + [.connection(NFT_CT_MARK, .bucket), .lookup(accepted, .bucket)])
                ]),
        ]
    }
}
