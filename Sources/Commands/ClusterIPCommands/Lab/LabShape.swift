import ArgumentParser
import Lab
import Responsibility

/// The options that say what cluster a lab is; shared by `lab up` and `demo`.
struct LabShape: ParsableArguments {
    @Option(help: "Nodes, 1 to 64.") var nodes = 3

    @Option(help: "Buckets, 1 to 65536.") var buckets = 16

    @Option(help: "sourceip, sourceip-sourceport or sourceip-sourceport-destport.")
    var hashmode: HashMode = .sourceIPSourcePort

    @Option(help: "Seed of the hash, 0 to 4294967295.") var hashInit: UInt32 = 42

    func options(hasTraffic: Bool, rate: Int = 400) -> LabOptions {
        LabOptions(
            nodes: nodes,
            scheme: .clusterIP(Placement(mode: hashmode, bucketCount: UInt32(clamping: buckets), seed: hashInit)),
            hasTraffic: hasTraffic, rate: rate)
    }
}

extension HashMode: ExpressibleByArgument {}
