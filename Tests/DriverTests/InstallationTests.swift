import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility
import Testing

@testable import Nftables

/// An installation that fails leaves the node as it was; a removal takes away no more than the installation added.
@Suite struct InstallationTests {
    @Test func aFailureHalfWayIsTakenBack() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            let before = try shell("nft list ruleset; ip address; ip maddress")
            let error = #expect(throws: DriverError.self) {
                try driver.install(.example(interface: "lo"), owned: [1])
            }
            #expect(error?.message == "The kernel failed while adding 10.8.0.1 to lo: Invalid argument.")
            #expect(try shell("nft list ruleset; ip address; ip maddress") == before)
        }
    }

    @Test func whatWasThereBeforeStays() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            try shell("ip address add 10.8.0.1/24 dev eth0; ip maddress add 01:00:5e:00:00:20 dev eth0")
            let before = try shell("ip address show dev eth0; ip maddress show dev eth0")
            try driver.install(.example(), owned: [1])
            try driver.uninstall(Traffic.cluster)
            #expect(try shell("ip address show dev eth0; ip maddress show dev eth0") == before)
        }
    }

    @Test func whatWasInstalledIsRemovedAlsoAfterTheTableWasLost() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            let before = try shell("nft list ruleset; ip address show dev eth0; ip maddress show dev eth0")
            try driver.install(.example(), owned: [1])
            #expect(try shell("ip address show dev eth0").contains(" eth0:cip\n"))
            try shell("nft flush ruleset")
            try driver.install(.example(), owned: [1])
            try driver.uninstall(Traffic.cluster)
            #expect(try shell("nft list ruleset; ip address show dev eth0; ip maddress show dev eth0") == before)
        }
    }

    @Test(arguments: [
        "delete table ip", "delete table arp", "flush table arp", "delete table ip clusterip_10_8_0_1; add table ip",
    ])
    func `what others left of the tables is replaced, and a member is not`(_ command: String) throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            try driver.install(.example(), owned: [1, 2])
            let whole = try shell("nft -s list ruleset")
            try shell("nft '\(command) clusterip_10_8_0_1'")
            if try driver.sample().clusters.isEmpty {
                try driver.install(.example(), owned: [1, 2])
            } else {
                let left = try shell("nft -s list ruleset")
                let error = #expect(throws: DriverError.self) { try driver.install(.example(), owned: [1, 2]) }
                #expect(error?.code == .alreadyExists)
                #expect(try shell("nft -s list ruleset") == left)
                try driver.uninstall(Traffic.cluster)
                try driver.install(.example(), owned: [1, 2])
            }
            let sample = try #require(try driver.sample().clusters.first)
            #expect(sample.ownership.owned == [1, 2] && sample.alterations.isEmpty && sample.health.isGood)
            #expect(Self.lines(try shell("nft -s list ruleset")) == Self.lines(whole))
        }
    }

    /// The lines of a ruleset, sorted, without those that differ between installations.
    private static func lines(_ ruleset: String) -> [Substring] {
        ruleset.split(separator: "\n").filter {
            !$0.contains("comment \"10.8.0.1/") && !$0.contains("comment \"install")
        }
        .sorted()
    }

    @Test func withoutPermissionNothingHappens() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            let capabilities = try Linux.suspendCapabilities()
            defer { capabilities.restore() }
            let sentence = "run as root, or with the capability CAP_NET_ADMIN."
            let actions: [() throws -> Void] = [
                { try driver.install(.example(), owned: [1]) }, { _ = try driver.sample() },
                { try driver.uninstall(Traffic.cluster) },
            ]
            for action in actions {
                let error = #expect(throws: DriverError.self) { try action() }
                #expect(error?.code == .notPermitted)
                #expect(error?.message.hasSuffix(sentence) == true)
            }
        }
    }

    @Test func aKernelWithoutTheHashIsNamed() throws {
        let driver = try NftablesDriver(LinuxProbe())
        let error = driver.installSentence(
            KernelError(number: ENOENT), "the rule \"owned bucket\" of the chain cluster_ports", .example())
        #expect(error.code == .notSupported)
        #expect(
            error.message
                == "This kernel cannot make the rule \"owned bucket\" of the chain cluster_ports; it needs nf_tables with "
                + "nft_hash, nft_ct and counters in sets, Linux 5.7 or later.")
    }

    @Test(arguments: HashMode.allCases)
    func theConfigurationSurvivesItsText(_ mode: HashMode) throws {
        var configuration = ClusterConfiguration.example(interface: "enp0s31f6.4000", mode: mode)
        configuration.name = "two words"
        var stored = StoredConfiguration(BucketTable(settings: try TableSettings(configuration)))
        stored.madeMAC = true
        #expect(StoredConfiguration(stored.description) == stored)
        let longest = UserData.bucketSet(comment: stored.description)
        #expect(longest.count <= 256)
    }

    @Test(arguments: [
        "", "packets", "10.8.0.1/16 dev eth0",
        "10.8.0.1 dev eth0 mac 01:00:5e:00:00:20 mode sourceip buckets 16 seed 42 made x name w",
        "10.8.0.1/16 dev eth0 mac 02:00:5e:00:00:20 mode sourceip buckets 16 seed 42 made nothing name w",
        "10.8.0.1/16 dev eth0 mac 01:00:5e:00:00:20 mode sourceip buckets 65537 seed 42 made nothing name w",
        "10.8.0.1/16 dev eth0 mac 01:00:5e:00:00:20 mode sourceip buckets 16 seed 4294967296 made nothing name w",
        "10.8.0.1/16 dev eth0 mac 01:00:5e:00:00:20 mode sourceip buckets 16 seed 1 made nothing name \u{1b}[2J",
    ])
    func otherTextIsNoConfiguration(_ text: String) {
        #expect(StoredConfiguration(text) == nil)
    }

    @Test func strayUserDataHasNoComment() {
        for bytes: [UInt8] in [[], [0], [0, 9], [1, 0], [7, 255, 65], [3, 1]] {
            bytes.withUnsafeBytes { buffer in
                _ = UserData.comment(in: buffer)
                _ = UserData.setComment(in: buffer)
                _ = Attributes(buffer).first(1)
            }
        }
        UserData.comment("op-1").withUnsafeBytes { #expect(UserData.comment(in: $0) == "op-1") }
    }
}
