import ClusterModel
import Responsibility
import Testing

@testable import Lab

extension HashScheme {
    /// A scheme of so many buckets.
    static func buckets(_ count: UInt32) -> Self {
        .clusterIP(Placement(mode: .sourceIP, bucketCount: count, seed: 42))
    }
}

/// The lab's values, without a lab.
struct LabValueTests {
    @Test(arguments: [(1, 1), (3, 16), (64, 65_536), (64, 3), (5, 4)])
    func everyBucketHasOneOwnerAtFirst(_ nodes: Int, _ buckets: Int) {
        let options = LabOptions(nodes: nodes, scheme: .buckets(UInt32(buckets)))
        let shares = (1...nodes).map { LabNetwork.initialBuckets(node: $0, options: options) }
        #expect(shares.reduce(BucketSet()) { $0.union($1) } == BucketSet(1...buckets))
        #expect(shares.map(\.count).reduce(0, +) == buckets)
        let sizes = shares.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }

    @Test func theClusterMACIsAGroupAddress() {
        #expect(LabNetwork.clusterMAC.isMulticast)
        #expect(!LabNetwork.mac(of: LabNetwork.nodeAddress(64)).isMulticast)
        #expect("\(LabNetwork.mac(of: LabNetwork.clientAddress))" == "02:00:0a:08:02:01")
    }

    @Test func theClusterFileNamesEveryLink() {
        let state = LabState(
            directory: "/run/x/clusterip/9", supervisor: 9, startTime: 77, hasUserNamespace: true,
            options: LabOptions(nodes: 1), nodes: [.init(name: "node1", pid: 11)],
            client: .init(name: "client", pid: 10))
        #expect(
            state.clusterFileText == """
                name: lab
                address: 10.8.0.1
                nodes:
                  - name: node1
                    link: {namespace: {path: /run/x/clusterip/9/node1/ns, user: true}}
                lab:
                  supervisor: {pid: 9, start_time: 77}
                  client: {pid: 10}
                  buckets: 16
                  hash_mode: sourceip-sourceport
                  hash_init: 42
                  traffic: true

                """)
        #expect(
            state.enterArguments(state.client) == [
                "nsenter", "--net=/run/x/clusterip/9/client/ns/net", "--user=/run/x/clusterip/9/client/ns/user",
                "--preserve-credentials", "--",
            ])
    }

    @Test func aServiceDoesOnlyWhatItIsNotYet() {
        let possible: [(ServiceState, Set<ServiceAction>)] = [
            (.running, [.kill, .stop]), (.stopped, [.kill, .continue]), (.dead, [.start]),
        ]
        for (state, actions) in possible {
            for action in ServiceAction.allCases {
                #expect((action.obstacle(state) == nil) == actions.contains(action), "\(action) \(state)")
            }
        }
    }

    @Test func sourcesAreDistinctAddressesOfTheClient() {
        let addresses = (0..<TrafficSources.count).map(TrafficSources.address(rank:))
        #expect(Set(addresses).count == TrafficSources.count)
        #expect(addresses.allSatisfy { $0.number >> 16 == LabNetwork.clientNetwork.number >> 16 })
        #expect(addresses.allSatisfy { (1...254).contains($0.number & 255) })
    }

    @Test func theFirstSourcesSendMost() {
        let sources = TrafficSources()
        let first = TrafficSources.address(rank: 0)
        let share = (0..<10_000).count { _ in sources.draw() == first }
        // 1 / H(512) = 14.7 %.
        #expect((1000...2000).contains(share))
    }

    @Test func requestsAreJudgedAfterASecond() {
        var ledger = TrafficLedger()
        let second = TrafficLedger.window
        let (none, once, twice) = (ledger.sent(at: 0), ledger.sent(at: 1), ledger.sent(at: 2))
        let accepted = [twice, once, twice, twice + 1].map { ledger.answered($0) }
        #expect(accepted == [true, true, true, false])
        ledger.judge(at: second)
        #expect(ledger.counts.sent == 1 && ledger.counts.unanswered == 1)
        let late = ledger.answered(none)
        #expect(!late)
        ledger.judge(at: second + 2)
        #expect(ledger.counts.once == 1 && ledger.counts.twice == 1 && ledger.counts.sent == 3)
    }

    @Test func aLongLedgerForgetsWhatIsJudged() {
        var ledger = TrafficLedger()
        for time in 0..<5000 as Range<UInt64> {
            let number = ledger.sent(at: time)
            _ = ledger.answered(number)
            ledger.judge(at: time + TrafficLedger.window - 10)
        }
        ledger.judge(at: .max)
        #expect(ledger.counts.once == 5000 && ledger.counts.unanswered == 0)
    }
}
