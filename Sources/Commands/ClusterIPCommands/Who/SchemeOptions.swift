import ArgumentParser
import ClusterModel
import Responsibility

/// An arithmetic given on the command line, for answers without a cluster.
struct SchemeOptions: ParsableArguments {
    @Option(help: "Offline: what is hashed: sourceip, sourceip-sourceport or sourceip-sourceport-destport.")
    var hashmode: String?

    @Option(help: "Offline: the number of buckets, 1 to 65536.")
    var totalNodes: String?

    @Option(help: "Offline: the seed, decimal or 0x hex.")
    var hashInit: String?

    @Option(
        help: ArgumentHelp(
            "Offline: clusterip (the default), cluster-match (xt_cluster), or nftables' own words: 'jhash ip saddr . tcp sport mod 4 seed 0x1 offset 1'.",
            valueName: "scheme"))
    var scheme: String?

    @Option(help: "Offline: the nodes' kernel, such as 3.10: its generation of jhash.")
    var kernel: String?

    @Option(help: "Offline: the nodes' byte order, little or big.")
    var byteOrder: String?

    /// The parts as they were written.
    var parts: SchemeParts {
        SchemeParts(
            hashmode: hashmode, totalNodes: totalNodes, hashInit: hashInit, scheme: scheme, kernel: kernel,
            byteOrder: byteOrder)
    }
}
