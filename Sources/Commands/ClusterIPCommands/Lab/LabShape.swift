import ArgumentParser
import Lab
import Responsibility

/// The options that say what cluster a lab is; shared by `lab up` and `demo`.
struct LabShape: ParsableArguments {
    @Option(help: "Nodes with tables of our own.") var nodes = 3

    @Option(
        help: ArgumentHelp(
            "Nodes with ipt_CLUSTERIP, beside those: a kernel 6.1, 5.10, or 6.1 that has nf_tables, too, for each; may be "
                + "repeated.", valueName: "count[@6.1|@5.10|@6.1+nf_tables]"))
    var legacy: [OldKernels] = []

    @Option(help: "Nodes with rules of iptables' match cluster, beside those.") var xt = 0

    @Option(help: "Nodes with rules as Pacemaker's IPaddr2 writes them, beside those.") var ipaddr2 = 0

    @Option(help: "Buckets, 1 to 65536.") var buckets = 16

    @Option(help: "What is hashed; with --xt or --ipaddr2 cluster-match.") var hashmode: SchemeName?

    @Option(help: "Seed of the hash, 0 to 4294967295.") var hashInit: UInt32 = 42

    @Flag(help: "Let no process hold the nodes' guards: without its table a node answers everybody.")
    var noGuard = false

    private var mode: SchemeName { hashmode ?? (xt + ipaddr2 > 0 ? .clusterMatch : .usual) }

    private var kernels: [KernelRelease] {
        legacy.flatMap { Array(repeating: $0.release, count: $0.count) }
    }

    func options(hasTraffic: Bool, rate: Int = 400) -> LabOptions {
        LabOptions(
            nodes: nodes + kernels.count + xt + ipaddr2, scheme: mode.scheme(UInt32(clamping: buckets), hashInit),
            hasTraffic: hasTraffic,
            rate: rate, kernels: kernels, xtCluster: xt, ipaddr2: ipaddr2, hasGuard: !noGuard)
    }
}

/// So many nodes with a kernel of this release, as "2" or "2@5.10".
struct OldKernels: ExpressibleByArgument {
    let count: Int
    let release: KernelRelease

    init?(argument: String) {
        let parts = argument.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let count = Int(parts[0]), (0...LabNetwork.maximumNodes).contains(count),
            let release = parts.count == 1 ? .linux61 : KernelRelease(rawValue: String(parts[1]))
        else { return nil }
        (self.count, self.release) = (count, release)
    }
}

extension HashMode: ExpressibleByArgument {}
