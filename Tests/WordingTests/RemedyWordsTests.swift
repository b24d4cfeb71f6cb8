import ClusterModel
import Planning
import Responsibility
import Testing
import Wording

@Suite struct RemedyWordsTests {
    private static let settings = ClusterConfiguration(
        name: "web", address: IPv4Address(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001), hashMode: .sourceIP, bucketCount: 2, hashInit: 42)

    @Test func `the command that makes a cluster anew has all its settings`() {
        #expect(
            Remedy.install(Self.settings, owned: ["b": [2], "a": [1]]).sentence
                == "clusterip install --address 10.8.0.1/16 --interface eth0 --mac 01:00:5e:08:00:01 --hashmode sourceip "
                + "--total-nodes 2 --hash-init 42 --own a=1 --own b=2")
    }

    @Test(arguments: [
        ("eth0", "eth0"), ("a=1,3-5", "a=1,3-5"), ("", "''"), ("a b", "'a b'"), ("it's", "'it'\\''s'"),
        ("$(reboot)", "'$(reboot)'"), ("a;b", "'a;b'"), ("ä", "'ä'"), ("~", "'~'"),
    ])
    func `no name reaches a shell as more than a word`(word: String, quoted: String) {
        #expect(ShellWord.quoted(word) == quoted)
        #expect(Remedy.drain(node: word).sentence == "clusterip drain \(quoted)")
    }

    static let requests: [(Remedy, PlanRequest?)] = [
        (.drain(node: "a"), .drain("a", mode: .graceful)), (.takeOver(node: "a"), .takeOver("a", to: nil)),
        (.settle(node: "a"), .settle("a")), (.repair, .repair), (.rebalance, .rebalance(.count, mode: .graceful)),
        (.ifDead(node: "a", .takeOver(node: "a"), otherwise: .repair), .takeOver("a", to: nil)),
        (.first(.endNotrack(node: "a"), meanwhile: .drain(node: "a")), .drain("a", mode: .graceful)),
        (.inOrder([.repair, .rebalance]), .repair), (.inOrder([.reinstall(node: "a"), .repair]), nil),
        (.reinstall(node: "a"), nil), (.mendLink(node: "a", nil), nil), (.acceptChange, nil),
        (.command(["true"], on: "a"), nil),
    ]

    @Test(arguments: requests)
    func `a remedy that is a plan can be planned`(remedy: Remedy, request: PlanRequest?) {
        #expect(remedy.planRequest == request)
    }
}
