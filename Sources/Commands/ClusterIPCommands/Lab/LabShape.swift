import ArgumentParser
import Lab
import Responsibility

/// The options that say what cluster a lab is; shared by `lab up` and `demo`.
struct LabShape: ParsableArguments {
    @Option(help: "Nodes with tables of our own.") var nodes = 3

    @Option(help: "Nodes with rules of iptables' match cluster, beside those.") var xt = 0

    @Option(help: "Nodes with rules as Pacemaker's IPaddr2 writes them, beside those.") var ipaddr2 = 0

    @Option(help: "Buckets, 1 to 65536.") var buckets = 16

    @Option(help: "What is hashed; with --xt or --ipaddr2 cluster-match.") var hashmode: SchemeName?

    @Option(help: "Seed of the hash, 0 to 4294967295.") var hashInit: UInt32 = 42

    @Flag(help: "Let no process hold the nodes' guards: without its table a node answers everybody.")
    var noGuard = false

    private var mode: SchemeName { hashmode ?? (xt + ipaddr2 > 0 ? .clusterMatch : .usual) }

    func options(hasTraffic: Bool, rate: Int = 400) -> LabOptions {
        LabOptions(
            nodes: nodes + xt + ipaddr2, scheme: mode.scheme(UInt32(clamping: buckets), hashInit),
            hasTraffic: hasTraffic,
            rate: rate, xtCluster: xt, ipaddr2: ipaddr2, hasGuard: !noGuard)
    }
}

extension HashMode: ExpressibleByArgument {}
