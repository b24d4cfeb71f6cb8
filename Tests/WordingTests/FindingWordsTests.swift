import ClusterModel
import Responsibility
import Testing
import Wording

/// Every kind of finding with the sentences that people read.
@Suite struct FindingWordsTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var finding: Finding
        var severity: Finding.Severity
        var evidence: String
        var effect: String
        var remedy: String

        var testDescription: String { evidence }

        init(
            _ kind: Finding.Kind, node: String? = nil, buckets: BucketSet = [], changes: [Finding.Change] = [],
            by remedy: Remedy, _ severity: Finding.Severity, _ sentences: (String, String, String)
        ) {
            finding = Finding(kind, node: node, buckets: buckets, changes: changes, remedy: remedy)
            self.severity = severity
            (evidence, effect, self.remedy) = sentences
        }
    }

    static let address = IPAddress(10, 8, 0, 1)
    static let mac = MACAddress(number: 0x0100_5e08_0001)
    static let nft = ProgramIdentity.Process(name: "nft", pid: 4711, user: "ops")
    static let anew = Remedy.reinstall(node: "b")

    static let coverage = [
        Example(
            .coverage(.orphan(unheard: [], lost: nil)), buckets: [2], changes: [.init(node: "b", process: nft)],
            by: .inOrder([anew, .repair]), .critical,
            (
                "no node owns bucket 2; changed by nft (process 4711, user ops) on b",
                "clients in these buckets get no answer", "clusterip reinstall b, then: clusterip repair"
            )),
        Example(
            .coverage(.orphan(unheard: [], lost: nil, bare: ["c"])), buckets: [2], by: .reinstall(node: "c"), .critical,
            (
                "no node owns bucket 2", "TCP clients in these buckets get no answer, others only that of c",
                "clusterip reinstall c"
            )),
        Example(
            .coverage(.orphan(unheard: ["b"], lost: nil)), buckets: [2], by: .awaitNodes(["b"]), .warning,
            (
                "no node that was heard owns bucket 2; b was not heard yet",
                "if b is dead, clients in these buckets get no answer", "none yet: b is being connected to"
            )),
        Example(
            .coverage(.orphan(unheard: ["b", "c"], lost: "c")), buckets: [2],
            by: .ifDead(node: "c", .takeOver(node: "c"), otherwise: nil), .critical,
            (
                "no node that was heard owns bucket 2; b and c were not heard yet",
                "if b and c are dead, clients in these buckets get no answer", "if c is dead: clusterip takeover c"
            )),
        Example(
            .coverage(.conflict(owners: ["a", "b"])), buckets: [1, 2], by: .repair, .critical,
            (
                "a and b both own buckets 1-2", "new connections of its clients break: two nodes answer each packet",
                "clusterip repair"
            )),
        Example(
            .coverage(.conflict(owners: ["a", "b", "c"])), buckets: [1], by: .repair, .critical,
            (
                "a, b and c all own bucket 1", "new connections of its clients break: two nodes answer each packet",
                "clusterip repair"
            )),
        Example(
            .coverage(.oneNode(bucketCount: 16)), node: "a", buckets: [1], by: .rebalance, .warning,
            (
                "a owns all 16 buckets, the other nodes none", "none now; if a fails, no client gets an answer",
                "clusterip rebalance"
            )),
    ]

    static let silence = [
        Example(
            .silence(.unserved(.silent(seconds: 3))), node: "b", buckets: [2],
            by: .ifDead(node: "b", .takeOver(node: "b"), otherwise: .mendLink(node: "b", .silent(seconds: 3))),
            .critical,
            (
                "b is unreachable: nothing heard for 3 s: the agent or its link hangs; it owned bucket 2",
                "if the node is dead, clients in these buckets get no answer",
                "if b is dead: clusterip takeover b; if not: see whether b is overloaded or stopped; the link is opened "
                    + "anew by itself"
            )),
        Example(
            .silence(.unreachable(nil, wasHeard: true, orphans: [])), node: "b", by: .mendLink(node: "b", nil),
            .warning,
            (
                "b is unreachable: nothing is heard of it",
                "none that is known: other nodes own every bucket it had when it was last heard",
                "look at b and the link to it"
            )),
        Example(
            .silence(.unreachable(nil, wasHeard: false, orphans: [2])), node: "b", by: .mendLink(node: "b", nil),
            .warning,
            (
                "b is unreachable: nothing is heard of it",
                "not known: it was not heard yet, and no other node owns bucket 2", "look at b and the link to it"
            )),
        Example(
            .silence(.stale(.late(seconds: 2))), node: "b", by: .mendLink(node: "b", .late(seconds: 2)), .warning,
            (
                "b: no sample for 2 s",
                "none by itself: the kernel answers without the agent, but what is shown may have changed",
                "see whether b is overloaded or stopped; the link is opened anew by itself"
            )),
        Example(
            .silence(.tableFlushed(address, hadTable: true)), node: "b", buckets: [2], by: anew, .critical,
            (
                "b carries 10.8.0.1 and lost its table; it owned bucket 2",
                "it answers UDP and pings of all clients, beside the nodes that own them, and TCP of none",
                "clusterip reinstall b"
            )),
        Example(
            .silence(.tableFlushed(address, hadTable: true, isGuarded: true)), node: "b", buckets: [2], by: anew,
            .warning,
            (
                "b carries 10.8.0.1 and lost its table; its guard stands; it owned bucket 2",
                "none by itself: the guard keeps it silent", "clusterip reinstall b"
            )),
        Example(
            .boot(.guardMissing(address)), node: "b", by: anew, .warning,
            (
                "b has no guard for 10.8.0.1",
                "none now; when the ruleset is flushed or loaded anew, the node answers clients of others",
                "clusterip reinstall b"
            )),
        Example(
            .boot(.addressForeign(address, interface: "eth0")), node: "b",
            by: .unconfigure(address, 16, interface: "eth0", node: "b"), .warning,
            (
                "it was not clusterip that put 10.8.0.1 on eth0 of b: it was there before the table",
                "none now; whatever put the address there can do so at the next boot before there is a table, and answer "
                    + "everybody",
                "take 10.8.0.1 out of what puts it on eth0 of b at each boot; b gets its own at its next boot, or now, with a "
                    + "moment in which it answers nobody: on b: ip address del 10.8.0.1/16 dev eth0, then: clusterip "
                    + "reinstall b"
            )),
        Example(
            .boot(.notAtBoot(address)), node: "b", by: .enableAtBoot(address, cluster: "web", node: "b"), .notice,
            (
                "nothing makes b a member of 10.8.0.1 when it boots",
                "none now; after a boot the node has neither table nor address, and answers nobody",
                "on b: clusterip-agent settings 10.8.0.1 > /etc/clusterip/web.yaml, then: on b: systemctl enable --now "
                    + "clusterip-node@web"
            )),
        Example(
            .silence(.rulesMissing(address, driver: "ipt_CLUSTERIP", hadRules: true)), node: "b", buckets: [2],
            by: .without([.draining], .repair), .critical,
            (
                "b carries 10.8.0.1 and lost its rule with the target CLUSTERIP; it owned bucket 2",
                "its ARP says its own MAC: it answers everything of clients that believe it, beside the nodes that "
                    + "own them",
                "clusterip repair --force cannot-drain"
            )),
        Example(
            .silence(.noPart(address, driver: "xt_cluster", hadPart: true)), node: "b", by: .repair, .warning,
            (
                "b has neither rules of 10.8.0.1 nor the address; both were there",
                "none by itself: it answers nothing", "clusterip repair"
            )),
        Example(
            .silence(.notAMember(address, wasMember: false)), node: "b", by: anew, .warning,
            (
                "b has neither a table of 10.8.0.1 nor the address", "none by itself: it answers nothing",
                "clusterip reinstall b"
            )),
    ]

    private static let reshuffled =
        "its buckets are other clients than the other nodes': some get two answers, some none"

    static let settings = [
        Example(
            .settings(.mode("sourceip", most: "sourceip-sourceport")), node: "b", by: anew, .critical,
            (
                "b has hash mode sourceip, most nodes have sourceip-sourceport", reshuffled, "clusterip reinstall b"
            )),
        Example(
            .settings(.bucketCount(3, most: 2)), node: "b", by: anew, .critical,
            ("b has total nodes 3, most nodes have 2", reshuffled, "clusterip reinstall b")),
        Example(
            .settings(.seed(7, most: 42)), node: "b", by: anew, .critical,
            ("b has seed 7, most nodes have 42", reshuffled, "clusterip reinstall b")),
        Example(
            .settings(.generation(.lookup3WithoutLength, most: .lookup3)), node: "b",
            by: .leaveByHand(node: "b", address), .critical,
            (
                "b has a kernel whose jhash is lookup3-without-length, most nodes have lookup3", reshuffled,
                "take 10.8.0.1 off b and delete its rules there, as `iptables-legacy -S` or `iptables -t mangle -S` prints "
                    + "them; then: clusterip repair"
            )),
        Example(
            .settings(.byteOrder(.big, most: .little)), node: "b", by: .leaveByHand(node: "b", address), .critical,
            (
                "b has a processor whose byte order is big, most nodes have little", reshuffled,
                "take 10.8.0.1 off b and delete its rules there, as `iptables-legacy -S` or `iptables -t mangle -S` prints "
                    + "them; then: clusterip repair"
            )),
        Example(
            .settings(.mac(MACAddress(number: 0x0100_5e08_0002), most: mac)), node: "b", by: anew, .critical,
            (
                "b has cluster MAC 01:00:5e:08:00:02, most nodes have 01:00:5e:08:00:01",
                "clients that learn the one MAC are not heard by nodes that listen to the other",
                "clusterip reinstall b"
            )),
    ]

    private static let unanswered = "clients in this node's buckets get no answer"

    static let interface = [
        Example(
            .interface(.missing(interface: "eth0")), node: "b", buckets: [2],
            by: .inOrder([.bringBack(interface: "eth0", node: "b"), anew]), .critical,
            ("b: there is no interface eth0", unanswered, "bring eth0 of b back, then: clusterip reinstall b")),
        Example(
            .interface(.recreated(interface: "eth0", address, mac)), node: "b", buckets: [2], by: anew, .critical,
            (
                "b: eth0 is up without 10.8.0.1 and 01:00:5e:08:00:01: it was made anew or emptied", unanswered,
                "clusterip reinstall b"
            )),
        Example(
            .interface(.down(interface: "eth0")), node: "b",
            by: .command(["ip", "link", "set", "eth0", "up"], on: "b"), .warning,
            ("b: eth0 is down", "none now, since it owns no bucket", "on b: ip link set eth0 up")),
        Example(
            .interface(.addressMissing(interface: "eth0", address)), node: "b", buckets: [2],
            by: .command(["ip", "address", "add", "10.8.0.1/16", "dev", "eth0"], on: "b"), .critical,
            ("b: eth0 does not carry 10.8.0.1", unanswered, "on b: ip address add 10.8.0.1/16 dev eth0")),
        Example(
            .interface(.macMissing(interface: "eth0", mac)), node: "b", buckets: [2],
            by: .command(["ip", "maddress", "add", "\(mac)", "dev", "eth0"], on: "b"), .critical,
            (
                "b: eth0 does not listen to 01:00:5e:08:00:01",
                "the network card may drop every packet for the cluster: " + unanswered,
                "on b: ip maddress add 01:00:5e:08:00:01 dev eth0"
            )),
        Example(
            .interface(.mtuDiffers(interface: "eth0", 9000, most: 1500)), node: "b",
            by: .command(["ip", "link", "set", "eth0", "mtu", "1500"], on: "b"), .warning,
            (
                "b: eth0 sends packets of 9000 bytes at most, those of most nodes 1500",
                "a bucket that moves to or from this node may lose its large packets",
                "on b: ip link set eth0 mtu 1500"
            )),
        Example(
            .interface(.arpNotRewritten(mac, .tableMissing(.arp))), node: "b", by: anew, .critical,
            (
                "b: its ARP packets carry its own MAC, not 01:00:5e:08:00:01. The arp table is missing.",
                "clients that believe them send to this node alone: the other nodes' buckets get no answer",
                "clusterip reinstall b"
            )),
    ]

    static let table = [
        Example(
            .table(.altered([.setMissing("owned"), .setForeign("x")])), node: "b", by: anew, .critical,
            (
                "b: The set owned is missing. And 1 more such.",
                "the node may answer packets that are not its own, or none", "clusterip reinstall b"
            )),
        Example(
            .table(.foreignChange(.init(name: "nft", pid: 4711))), node: "b", by: .acceptChange, .notice,
            (
                "nft (process 4711, unknown user) changed the cluster's table on b, past clusterip",
                "none now: every bucket has exactly one owner, and the rules are as installed",
                "none needed if it was meant; this is shown for ten minutes"
            )),
        Example(
            .table(.notFinalized), node: "b", buckets: [2], by: .finalize(node: "b"), .notice,
            (
                "b adopted bucket 2 and still resets connections it does not know",
                "clients of connections from before are told at once to connect again; new ones are accepted",
                "clusterip settle b"
            )),
    ]

    static let traffic = [
        Example(
            .traffic(
                .notReceiving(
                    address, Arrivals(packets: 0, seconds: 1), peer: "a",
                    peerArrivals: Arrivals(packets: 301, seconds: 1.04))), node: "b", buckets: [2],
            by: .first(.deliver(mac, to: "b"), meanwhile: .drain(node: "b")), .critical,
            (
                "no packet for 10.8.0.1 reached b in 1.0 s, while 301 reached a in 1.0 s", unanswered,
                "let the switch deliver 01:00:5e:08:00:01 to b's port, and no rule of b drop it; until then: clusterip "
                    + "drain b"
            )),
        Example(
            .traffic(.notAccepting(Arrivals(packets: 120, own: 101, seconds: 1))), node: "b", buckets: [2],
            by: .first(.endNotrack(node: "b"), meanwhile: .drain(node: "b")), .critical,
            (
                "101 packets of b's own buckets reached it in 1.0 s, and it accepted none",
                "clients in these buckets get no answer",
                "look for rules of b that say notrack (nft list ruleset), and end them; until then: clusterip drain b"
            )),
        Example(
            .traffic(.conntrackFull(ConntrackTable(count: 900, limit: 1000))), node: "b",
            by: .command(["sysctl", "-w", "net.netfilter.nf_conntrack_max=2000"], on: "b"), .warning,
            (
                "b tracks 900 connections, 90 % of the 1000 it may",
                "when it is full, packets of new connections are dropped, and old ones may be forgotten when buckets move",
                "on b: sysctl -w net.netfilter.nf_conntrack_max=2000"
            )),
    ]

    static let members = [
        Example(
            .members(.strangers(["c", "d"])), node: "a", by: .addToFile(["c", "d"]), .warning,
            (
                "a lists c and d as members, and 0 entries of the cluster file do",
                "none that is known; a plan that claims what nobody owns must ask them, and cannot",
                "add c and d to the cluster file; if they are gone for good, `clusterip install` with the cluster's settings "
                    + "and --force silent-nodes ends that"
            )),
        Example(
            .members(.lacking(["b"])), node: "a", by: .reinstall(node: "a"), .notice,
            (
                "a lists 1 member fewer than there are: not b",
                "none now; a console whose file lacks those nodes is not warned by this one", "clusterip reinstall a"
            )),
        Example(
            .members(.former(["c"])), node: "a", by: .join(node: "c"), .notice,
            (
                "a lists c as a member, and 0 tables are there", "none now; those nodes answer nothing",
                "clusterip join c"
            )),
    ]

    static let contradictions = [
        Example(
            .contradiction(.itself(.counterBack(bucket: 3, .accepted, from: 900, to: 12))), node: "b", buckets: [3],
            by: .acceptChange, .notice,
            (
                "b had counted 900 packets accepted in bucket 3 and counts 12 now, though nobody changed its rules",
                "none; what was counted before is forgotten",
                "none needed if it was meant; this is shown for ten minutes"
            )),
        Example(
            .contradiction(.itself(.clockBack(seconds: 3600))), node: "b", by: .mendLink(node: "b", nil), .warning,
            (
                "the monotonic clock of b went back by 3600.0 s", "none; rates of this node are not to be believed",
                "look at b and the link to it"
            )),
        Example(
            .contradiction(.itself(.clockAhead(seconds: 60))), node: "b", by: .mendLink(node: "b", nil), .warning,
            (
                "the clock of b went 60.0 s further than time did", "none; rates of this node are not to be believed",
                "look at b and the link to it"
            )),
        Example(
            .contradiction(.itself(.clockBehind(seconds: 9))), node: "b", by: .mendLink(node: "b", nil), .warning,
            (
                "the clock of b stayed 9.0 s behind the time that passed",
                "none; rates of this node are not to be believed", "look at b and the link to it"
            )),
        Example(
            .contradiction(.sameMachine(as: "b")), node: "a", by: .separateLinks("a", "b"), .critical,
            (
                "a and b are one machine: their agents run in the same network namespace",
                "one node is counted twice, and the other is not seen: what it answers is unknown",
                "let the links of a and b in the cluster file lead to these two machines"
            )),
        Example(
            .contradiction(.otherName(host: "a")), node: "b", by: .separateLinks("b", "a"), .warning,
            (
                "the host behind b calls itself a, which is another node's name",
                "none; plans for the one node may change the other",
                "let the links of b and a in the cluster file lead to these two machines"
            )),
        Example(
            .contradiction(.unheardClaims(peer: "a", packetsPerSecond: 120, seconds: 2)), node: "b", buckets: [3, 4],
            by: .first(.deliver(mac, to: "b"), meanwhile: .drain(node: "b")), .critical,
            (
                "b owns buckets 3-4, of which nothing reached it in 2.0 s, while 120 packets a second reach a",
                "clients in these buckets get no answer",
                "let the switch deliver 01:00:5e:08:00:01 to b's port, and no rule of b drop it; until then: clusterip drain b"
            )),
    ]

    static let all =
        coverage + silence + settings + members + interface + table + rules + traffic + contradictions + service

    @Test(arguments: all)
    func `each finding is said in sentences`(_ example: Example) {
        let words = WordedFinding(example.finding)
        #expect(words.severity == example.severity)
        #expect(words.evidence == example.evidence)
        #expect(words.effect == example.effect)
        #expect(words.remedy == example.remedy)
        #expect(words.node == example.finding.node && words.buckets == example.finding.buckets)
    }

    @Test func `buckets that a node not heard may own are not called unassigned`() {
        func tag(unheard: [String]) -> String {
            Finding(.coverage(.orphan(unheard: unheard, lost: nil)), buckets: [2], remedy: .repair).tag
        }
        #expect(tag(unheard: []) == "unassigned" && tag(unheard: ["c"]) == "unheard")
    }

    @Test func `the document lists the code of every finding once`() throws {
        let rows = try Document.text("Docs/Findings.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
        let listed = rows.flatMap { row in
            row.split(separator: "|").first.map { $0.matches(of: /`(\w+)`/).map { String($0.1) } } ?? []
        }
        #expect(listed.count == Set(listed).count)
        #expect(Set(listed) == Set(Self.all.map(\.finding.code)))
    }

    @Test func `a reception that cannot be judged says why`() {
        #expect(
            UnjudgedReception(packets: 3, seconds: 1).sentence
                == "not judged: whether every node receives the packets; no more than 3 reached any in 1.0 s")
    }
}
