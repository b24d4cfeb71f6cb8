import ClusterModel
import DataPlane
import Glibc
import Responsibility
import Testing

/// The tables lie in a kernel where other programs list and change tables too.
@Suite struct NftablesListingTests {
    @Test(arguments: HashMode.allCases)
    func nftListsOurTables(_ mode: HashMode) throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver()
            try driver.install(.example(mode: mode), owned: [1, 2, 3])
            let text = try shell("nft list ruleset")
            print(text)
            let json = try shell("nft -j list ruleset")
            #expect(json.contains("\"clusterip_10_8_0_1\""))
            print(try driver.sample())
        }
    }
}
