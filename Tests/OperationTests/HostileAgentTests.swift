import AgentProtocol
import ClusterModel
import Glibc
import NodeLinks
import Reactor
import Responsibility
import Testing
import Wording

/// Agents that mean harm, as real processes, beside one that is well: it is heard all the while.
@Suite(.serialized) struct HostileAgentTests {
    /// A sample of the test's cluster; the counters are five numbers for each bucket that changed.
    private static func sample(
        time: String = "'$n'00000000", total: String = "16", owned: String = "[1]", counters: String = "",
        name: String = "x"
    ) -> String {
        """
        {"jsonrpc":"2.0","method":"sample","params":{"time":\(time),"generation":1,"whole":true,"clusters":[{\
        "address":"10.8.0.1","configuration":{"name":"\(name)","address":"10.8.0.1","prefix_length":16,\
        "interface":"eth0","mac":"01:00:5e:08:00:01","hash_mode":"sourceip","total_nodes":\(total),"hash_init":42},\
        "driver":"\(name)","capabilities":{"counters":["arrived","accepted"],"abilities":[],"most_buckets":65536,\
        "families":["ipv4"]},"ownership":{"owned":\(owned),"draining":[],"adopted":[]},"counters":[\(counters)],\
        "health":{"interface_present":true,"interface_up":true,"mac_joined":true,"arp_rewritten":true,\
        "address_present":true},"alterations":[{"code":"rule_foreign","table":"ip","chain":"c","rule":"\(name)"}]}]}}
        """
    }

    private static func loop(_ line: String, pause: String = "") -> String {
        "n=1; while echo '\(line)'; do n=$((n+1)); \(pause) done"
    }

    private static let good = loop(
        sample(owned: "[2]", counters: "2,'$n'00,'$n'000,'$n'00,'$n'000"), pause: "sleep 0.1;")

    /// Shell scripts, and whether the node can be live all the same.
    private static let agents: [(name: String, script: String, mayLive: Bool)] = [
        ("a line without end", "cat /dev/zero", false),
        ("100 MB of JSON", "printf '{\"a\":\"'; head -c 100000000 /dev/zero | tr '\\0' x; echo '\"}'; sleep 9", false),
        ("nesting", "head -c 1000000 /dev/zero | tr '\\0' '['; echo; sleep 9", false),
        ("wrong types", loop(sample(owned: "\"all\""), pause: "sleep 0.1;"), false),
        ("negative numbers", loop(sample(counters: "1,-1,-1,-1,-1"), pause: "sleep 0.1;"), false),
        ("numbers beyond all", loop(sample(counters: "1,1e400,1,1,1"), pause: "sleep 0.1;"), false),
        ("not a number", loop(sample(time: "NaN"), pause: "sleep 0.1;"), false),
        ("a million buckets", loop(sample(total: "1000000"), pause: "sleep 0.1;"), false),
        ("bucket 0", loop(sample(owned: "[0]"), pause: "sleep 0.1;"), false),
        (
            "the largest counters, then none",
            "n=1; while :; do n=$((n+1)); echo '\(sample(counters: "1,18446744073709551615,18446744073709551615,0,1"))'; "
                + "echo '\(sample(time: "18446744073709551615"))'; sleep 0.1; done", true
        ),
        ("answers to nothing", loop("{\"jsonrpc\":\"2.0\",\"id\":'$n',\"result\":{\"done\":true}}"), false),
        ("a flood of samples", loop(sample()), true),
        ("a flood of junk", "yes '{}'", false),
        (
            "a flood of failures", "yes '{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"no\"}}'",
            false
        ),
        ("a flood of complaints", "yes no >&2", false),
        ("a byte at a time", "while printf '{'; do sleep 0.05; done", false),
        ("an end at once", "exit 7", false),
        ("silence", "sleep 9", false),
        (
            "escapes", loop(sample(name: "\\u001b]0;x\\u0007\\u202e\\u200b\\u0300\\u0300\\u0300"), pause: "sleep 0.1;"),
            true
        ),
    ]

    @Test func `no agent keeps the others from being heard, and memory stays small`() throws {
        let reactor = try Reactor()
        let scripts = [("good", Self.good, true)] + Self.agents
        let fleet = Fleet(
            name: "test",
            observation: ClusterObservation(
                name: "test", address: IPAddress(10, 8, 0, 1), nodes: scripts.map(\.0)),
            nodes: scripts.map { ($0.0, ProcessLink(arguments: ["sh", "-c", $0.1], reactor: reactor)) },
            reactor: reactor, interval: 1)
        var beats = 0
        var lengths: Set<Int> = []
        reactor.after(0.1, repeating: true) {
            beats += 1
            for node in fleet.statuses { lengths.insert(node.failure?.sentence.unicodeScalars.count ?? 0) }
            if beats == 50 { reactor.stop() }
        }
        signal(SIGPIPE, SIG_IGN)  // As every program of this package does.
        let before = try Self.residentPages()
        fleet.start()
        reactor.run()
        let nodes = fleet.statuses
        fleet.stop()
        #expect(nodes[0].state == .live && nodes[0].sample?.counters[1].accepted?.packets ?? 0 > 100)
        for (node, agent) in zip(nodes.dropFirst(), Self.agents) where !agent.mayLive {
            #expect(node.state != .live || node.sample == nil, "\(agent.name): \(node.state)")
        }
        let escapes = try #require(nodes.last?.sample)
        for text in [escapes.driver] + escapes.alterations.map(\.sentence) {
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && ![0x202e, 0x200b].contains($0.value) })
            #expect(text.unicodeScalars.count { $0.value == 0x300 } == 2)
        }
        #expect(lengths.max() ?? 0 <= 350)
        #expect(try Self.residentPages() - before < 200 << 20 / 4096)
    }

    /// An agent that ends as soon as it has begun is started ever more seldom.
    @Test func `an agent that ends at once is not started in a storm`() throws {
        signal(SIGPIPE, SIG_IGN)
        let reactor = try Reactor()
        let link = CountingLink(ProcessLink(arguments: ["false"], reactor: reactor))
        let fleet = Fleet(
            name: "test", observation: ClusterObservation(name: "test", address: nil, nodes: ["a"]),
            nodes: [("a", link)], reactor: reactor, interval: 1)
        fleet.start()
        reactor.after(4) { reactor.stop() }
        reactor.run()
        fleet.stop()
        #expect((2...5).contains(link.opened))
    }

    private static func residentPages() throws -> Int {
        let descriptor = open("/proc/self/statm", O_RDONLY)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = read(descriptor, &bytes, bytes.count)
        let words = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(separator: " ")
        return try #require(words.count > 1 ? Int(words[1]) : nil)
    }

    /// A link that counts how often it is opened.
    private final class CountingLink: AgentLink {
        private let link: ProcessLink
        private(set) var opened = 0

        init(_ link: ProcessLink) { self.link = link }

        func open(_ handler: @escaping (LinkEvent) -> Void) {
            opened += 1
            link.open(handler)
        }

        func send(_ frame: AgentFrame) { link.send(frame) }

        func close() { link.close() }
    }
}
