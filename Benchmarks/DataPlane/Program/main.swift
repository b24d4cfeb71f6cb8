// Measures the nftables driver beside a loop in C over the same sets. Run it in a network namespace of its own:
//   cc -O2 -o /tmp/peer Benchmarks/DataPlane/peer.c
//   swift build -c release --product dataplane-benchmark && unshare -n .build/release/dataplane-benchmark /tmp/peer [BUCKETS…]
import ClusterModel
import Glibc
import LinuxNode
import Nftables
import NodeDriver
import Responsibility

/// The median and the 95th percentile of a repeated action, in microseconds.
func measure(_ rounds: Int, _ action: () throws -> Void) rethrows -> String {
    var times: [Double] = []
    for _ in 0..<rounds {
        let duration = try ContinuousClock().measure(action)
        times.append(Double(duration.components.attoseconds) / 1e12 + Double(duration.components.seconds) * 1e6)
    }
    times.sort()
    func text(_ value: Double) -> String {
        let text = "\((value * 10).rounded() / 10)"
        return String(repeating: " ", count: max(0, 10 - text.utf8.count)) + text
    }
    return "p50 \(text(times[rounds / 2])) us   p95 \(text(times[rounds * 95 / 100])) us"
}

func configuration(_ total: Int, _ mode: HashMode = .sourceIPSourcePort) -> ClusterConfiguration {
    ClusterConfiguration(
        name: "benchmark", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e00_0020),
        scheme: .clusterIP(Placement(mode: mode, bucketCount: UInt32(total), seed: 42)))
}

let leavesMarks = CommandLine.arguments.contains("--no-connection-marks")
let arguments = CommandLine.arguments.filter { $0 != "--no-connection-marks" }
let driver = NftablesDriver(try LinuxProbe(), marksConnections: !leavesMarks)
if arguments.count == 4, arguments[1] == "install", let total = Int(arguments[2]),
    let mode = HashMode(rawValue: arguments[3])
{
    try driver.install(configuration(total, mode), owned: BucketSet(1...total))
    exit(0)
}
if arguments.count == 2, arguments[1] == "uninstall" {
    try driver.uninstall(IPAddress(10, 8, 0, 1))
    exit(0)
}
let prepare = "ip link add eth0 type veth peer name peer0 && ip link set eth0 up && ip link set peer0 up"
guard system(prepare) == 0 else { exit(1) }
/// The driver's clock goes on by a second with every sample, as in a watch, however fast they are taken here.
var clock: UInt64 = 0
driver.clock = {
    clock += 1_000_000_000
    return clock
}
let sizes = [(16, 5000), (1024, 500), (4096, 100), (65_536, 12)]
for (total, rounds) in sizes where arguments.count < 3 || arguments[2...].contains("\(total)") {
    func line(_ what: String, _ result: String) {
        let columns = [("driver in Swift", 16), ("N \(total)", 8), (what, 12)].map { text, width in
            text + String(repeating: " ", count: max(0, width - text.utf8.count))
        }
        print(columns.joined(separator: " ") + "  " + result)
    }
    let configuration = configuration(total)
    line("install", try measure(1) { try driver.install(configuration, owned: BucketSet(1...total)) })
    let table = "clusterip_10_8_0_1"
    _ = try driver.sample()
    // In turns, so that a noisy machine is noisy to all of them alike.
    for _ in 0..<3 where arguments.count > 1 {
        fflush(nil)
        guard system("\(arguments[1]) \(table) \(total) \(rounds)") == 0 else { exit(1) }
        line("sample", try measure(rounds) { _ = try driver.sample() })
    }
    for _ in 0..<(arguments.count > 1 ? 0 : 3) { line("sample", try measure(rounds) { _ = try driver.sample() }) }
    let list = "nft -j list table ip \(table) >/dev/null"
    let result = measure(min(rounds, 20)) { guard system(list) == 0 else { exit(1) } }
    print("nft -j list      N \(total)  all sets      \(result)")
    var count = 0
    line(
        "apply 1",
        try measure(min(rounds, 200)) {
            count += 1
            let change = StepRequest.Change(bucket: 1, from: .owned, to: .owned)
            let step = StepRequest(operation: "op-\(count)", address: configuration.address, changes: [change])
            _ = try driver.apply(step)
        })
    line("uninstall", try measure(1) { try driver.uninstall(configuration.address) })
}
