import ClusterModel
import FoundationEssentials
import Responsibility
import Testing

/// What is wrong with other programs' rules, on the wire and as findings.
@Suite struct RuleDefectTests {
    static let all: [RuleDefect] = [
        .dropMissing([2, 3]), .unreached([1]), .duplicated([4]), .otherTotal(4, most: 16), .otherSeed(7, most: 42),
        .interfaceGone(index: 5), .protocolsDiffer([2]), .firstWordOnly, .unsavable([9]),
        .seedNotDerived(7, derived: .max),
    ]

    @Test(arguments: all)
    func itTravelsAsAnAlteration(_ defect: RuleDefect) throws {
        let alteration = Alteration.rule(defect)
        let bytes = try JSONEncoder().encode(alteration)
        #expect(try JSONDecoder().decode(Alteration.self, from: bytes) == alteration)
        #expect(String(decoding: bytes, as: UTF8.self).contains("\"\(defect.code)\""))
    }

    private static func snapshot(_ drivers: [String], _ capabilities: Capabilities) -> ClusterSnapshot {
        let settings = ClusterConfiguration(
            name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e00_0020),
            scheme: .clusterMatch(ClusterMatch(bucketCount: UInt32(drivers.count), seed: 42)))
        let nodes = drivers.enumerated().map { index, driver in
            NodeStatus(
                name: "node\(index + 1)", state: .live,
                sample: ClusterSample(
                    configuration: settings, driver: driver, capabilities: driver == "nftables" ? .full : capabilities,
                    ownership: Ownership(owned: [index + 1]), counters: [], health: MulticastHealth()))
        }
        return ClusterSnapshot(configuration: settings, nodes: nodes)
    }

    private static let readOnly = Capabilities(counters: [], abilities: [])

    @Test func nothingIsOfferedThatADriverCannot() throws {
        var snapshot = Self.snapshot(["IPaddr2", "IPaddr2", "nftables"], Self.readOnly)
        #expect(snapshot.worstFindings().isEmpty)
        let address = snapshot.configuration.address
        let anew = Remedy.rewriteRules(node: "node1", driver: "IPaddr2", address)
        snapshot.nodes[0].sample?.health.arpRewritten = false
        let settings = snapshot.configuration
        #expect(
            snapshot.worstFindings().map(\.remedy) == [.rewriteARP(node: "node1", driver: "IPaddr2", settings)])
        snapshot.nodes[0].sample?.health = MulticastHealth(addressPresent: false)
        #expect(
            snapshot.worstFindings().map(\.remedy) == [
                .first(anew, meanwhile: .standby(node: "node1", driver: "IPaddr2", address))
            ])
        snapshot.nodes[0].sample?.health = MulticastHealth()
        snapshot.nodes[0].lost = snapshot.nodes[0].sample
        snapshot.nodes[0].sample = nil
        snapshot.nodes[0].isBare = true
        let bare = ClusterSnapshot(configuration: snapshot.configuration, nodes: snapshot.nodes)
        #expect(bare.worstFindings().map(\.remedy) == [anew, anew])
    }

    @Test func whereNoDriverMovesTheProgramsThatWroteTheRulesMust() {
        let snapshot = Self.snapshot(["xt_cluster", "xt_cluster"], Self.readOnly)
        var conflict = snapshot.nodes
        conflict[0].sample?.ownership = Ownership(owned: [1, 2])
        let findings = ClusterSnapshot(configuration: snapshot.configuration, nodes: conflict).worstFindings()
        #expect(findings.map(\.code) == ["conflict"])
        #expect(findings.map(\.remedy) == [.placeByHand("xt_cluster", snapshot.configuration.address)])
    }

    /// The same arithmetic in the words of two mechanisms, and a MAC that nothing tells, are no differences.
    @Test func mechanismsThatPlaceFlowsAlikeDoNotDiffer() throws {
        var snapshot = Self.snapshot(["xt_cluster", "IPaddr2", "nftables"], Self.readOnly)
        let hash = try NftHash(fields: [.ipSource], modulus: 3, seed: 42, offset: 1)
        snapshot.nodes[1].sample?.configuration.scheme = .nft(hash)
        snapshot.nodes[0].sample?.configuration.mac = .unknown
        #expect(snapshot.worstFindings().isEmpty)
        let other = try NftHash(fields: [.ipSource], modulus: 3, seed: 43, offset: 1)
        snapshot.nodes[1].sample?.configuration.scheme = .nft(other)
        #expect(snapshot.worstFindings().map(\.code) == ["seed_mismatch"])
        snapshot.nodes[1].sample?.configuration.scheme = .clusterIP(
            Placement(mode: .sourceIP, bucketCount: 3, seed: 42))
        #expect(snapshot.worstFindings().map(\.code) == ["mode_mismatch"])
    }
}
