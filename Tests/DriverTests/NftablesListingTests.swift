import ClusterModel
import Glibc
import LinuxNode
import Nftables
import NodeDriver
import Responsibility
import Testing

/// The tables lie in a kernel where other programs list and change tables too.
@Suite struct NftablesListingTests {
    private static let table = "clusterip_10_8_0_1"

    @Test(arguments: HashMode.allCases)
    func nftListsOurTablesAsTextAndJSON(_ mode: HashMode) throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            try driver.install(.example(mode: mode), owned: [1, 2, 3])
            let text = try shell("nft list ruleset")
            #expect(text.contains("ip daddr 10.8.0.1 iifname \"eth0\" goto cluster"))
            let author = try #require(driver.operations(of: Traffic.cluster)[1])
            let owned = [1, 2, 3].map { "\($0) comment \"\(author)\"" }.joined(separator: ", ")
            #expect(text.contains("elements = { \(owned) }"))
            #expect(text.contains("arp saddr ip 10.8.0.1 arp saddr ether set 01:00:5e:00:00:20"))
            #expect(text.contains("seed 42 made address,mac name web\""))
            let json = try shell("nft -j list ruleset")
            #expect(json.hasPrefix("{\"nftables\": [") && json.contains("\"\(Self.table)\""))
        }
    }
}
