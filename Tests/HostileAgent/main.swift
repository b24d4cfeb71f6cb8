// A node for tests that speaks the agent's protocol on standard input and output, honestly or with one lie:
//
//     hostile-agent LIE|honest|STREAM [name=node1] [owned=1-8] [buckets=16] [address=10.8.0.1] [other=node2]
//
// A STREAM is what no agent sends: see `streams`. Without arguments it lists what there is.
import AgentProtocol
import ClusterModel
import Glibc
import HostileNodes
import NodeAgent
import NodeDriver
import Reactor
import Responsibility
import SimulatedNodes

/// Writes for ever, or until nobody reads.
func pour(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO, pause: UInt32 = 0) {
    while write(descriptor, bytes, bytes.count) > 0 { if pause > 0 { usleep(pause) } }
}

func sampleLine(filled count: Int) -> [UInt8] {
    let filling = String(
        repeating: "1,18446744073709551615,18446744073709551615,18446744073709551615,1,", count: count / 66)
    return Array(
        #"{"jsonrpc":"2.0","method":"sample","params":{"time":1,"generation":1,"whole":true,"clusters":[{"address":"\#(address)","counters":[\#(filling)1,1,1,1,1]}]}}"#
            .utf8) + [10]
}

var words = Dictionary(
    CommandLine.arguments.dropFirst(2).compactMap { argument -> (String, String)? in
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }, uniquingKeysWith: { $1 })
let address = IPAddress(words["address"] ?? "") ?? IPAddress(10, 8, 0, 1)
let name = words["name"] ?? "node1"
let bucketCount = UInt32(words["buckets"] ?? "") ?? 16
let owned = (try? BucketSet(parsing: words["owned"] ?? "")) ?? []

/// What no agent sends.
let streams: [(name: String, run: () -> Void)] = [
    ("endless-line", { pour(Array(repeating: 120, count: 65_536)) }),
    ("long-lines", { pour(sampleLine(filled: 15 << 20)) }),
    ("middle-lines", { pour(sampleLine(filled: 1 << 20)) }),
    ("nesting", { pour(Array(repeating: 91, count: 1 << 20) + [10]) }),
    ("junk", { pour(Array("{}\n".utf8)) }),
    ("answers", { pour(Array("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"done\":true}}\n".utf8)) }),
    ("complaints", { pour(Array("no\n".utf8), to: STDERR_FILENO) }),
    ("drip", { pour([123], pause: 50_000) }),
    ("silence", { while true { pause() } }),
    ("end", { exit(7) }),
    ("half", { pour(Array(sampleLine(filled: 1000).prefix(700)), pause: 300_000) }),
]

let chosen = CommandLine.arguments.dropFirst().first ?? ""
signal(SIGPIPE, SIG_IGN)
if let stream = streams.first(where: { $0.name == chosen }) {
    stream.run()
    exit(0)
}
guard chosen == "honest" || Lie(rawValue: chosen) != nil else {
    print((["honest"] + Lie.allCases.map(\.rawValue) + streams.map(\.name)).joined(separator: "\n"))
    exit(64)
}

let configuration = ClusterConfiguration(
    name: "web", address: address, prefixLength: 16, interface: "eth0", mac: MACAddress(number: 0x0100_5e08_0001),
    scheme: .clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: bucketCount, seed: 42)))
let driver = SimulatedDriver()
try driver.install(configuration, owned: owned)
let agent = Agent(
    driver.registry,
    identity: AgentIdentity(
        version: AgentProgram.version, host: name, machine: "machine-of-\(name)", kernel: "simulated",
        drivers: [driver.description], readOnly: false))
let reactor = try Reactor()
// The same traffic reaches every node, by the clock that all of them share.
var traffic = SimulatedTraffic(to: address, flows: 2000, packetsPerSecond: 1000, seed: 1)
driver.monotonicNanoseconds = Reactor.now
reactor.after(0.1, repeating: true) {
    traffic.send(seconds: Double(Reactor.now - driver.monotonicNanoseconds) / 1e9) { flow, packets, bytes in
        _ = driver.receive(flow, packets: packets, bytes: bytes)
    }
    driver.monotonicNanoseconds = Reactor.now
}
let endpoint: any AgentEndpoint =
    Lie(rawValue: chosen).map { LyingAgent(agent, $0, other: words["other"] ?? "node1") } ?? agent
try AgentServer(agent: endpoint, reactor: reactor).run()
