// Measures the nftables driver beside a loop in C over the same sets. Run it in a network namespace of its own:
//   cc -O2 -o /tmp/peer Benchmarks/DataPlane/peer.c
//   swift build -c release --product dataplane-benchmark && unshare -n .build/release/dataplane-benchmark /tmp/peer
import ClusterModel
import DataPlane
import Glibc
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

let address = IPv4Address(10, 8, 0, 1)
guard system("ip link add eth0 type veth peer name peer0 && ip link set eth0 up && ip link set peer0 up") == 0 else {
    exit(1)
}
let driver = try NftablesDriver()
for (total, rounds) in [(16, 5000), (1024, 500), (4096, 100), (65_536, 10)] {
    let configuration = ClusterConfiguration(
        name: "benchmark", address: address, prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e00_0020), hashMode: .sourceIPSourcePort, totalNodes: total, hashInit: 42)
    func line(_ what: String, _ result: String) {
        let columns = [("driver in Swift", 16), ("N \(total)", 8), (what, 12)].map { text, width in
            text + String(repeating: " ", count: max(0, width - text.utf8.count))
        }
        print(columns.joined(separator: " ") + "  " + result)
    }
    line("install", try measure(1) { try driver.install(configuration, owned: BucketSet(1...total)) })
    if CommandLine.arguments.count > 1 {
        fflush(nil)
        guard system("\(CommandLine.arguments[1]) clusterip_10_8_0_1 \(total) \(rounds)") == 0 else { exit(1) }
    }
    _ = try driver.sample()
    line("sample", try measure(rounds) { _ = try driver.sample() })
    var count = 0
    line(
        "apply 1",
        try measure(min(rounds, 200)) {
            count += 1
            let change = StepRequest.Change(bucket: 1, from: .owned, to: .owned)
            _ = try driver.apply(StepRequest(operation: "op-\(count)", address: address, changes: [change]))
        })
    line("uninstall", try measure(1) { try driver.uninstall(address) })
}
