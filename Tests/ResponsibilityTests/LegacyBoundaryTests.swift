import LegacyNode
import Responsibility
import Testing

/// The first and the last value on either side of what ipt_CLUSTERIP accepts, and of what changed between kernels.
@Suite struct LegacyBoundaryTests {
    private static let address = IPv4Address(10, 8, 0, 1)

    private func rule(prefix: Int = 32, total: UInt16 = 16, nodes: [UInt16] = [1]) -> LegacyRule {
        LegacyRule(
            destination: Self.address, prefixLength: prefix, interface: "eth0",
            options: LegacyOptions(
                mode: .sourceIP, mac: LinkAddress(number: 0x0100_5e00_0020), totalNodes: total, localNodes: nodes))
    }

    private func node() -> LegacyNode { LegacyNode(kernel: LegacyKernel(LinuxVersion(6, 1)), interfaces: ["eth0"]) }

    @Test func sixteenLocalNodesAndNoMore() throws {
        var node = node()
        try node.append(rule(nodes: Array(1...16)))
        #expect(throws: LegacyRuleError(.invalidArgument, log: "bad num_local_nodes 17")) {
            try node.append(rule(nodes: Array(1...17)))
        }
    }

    @Test func onlyAWholeAddress() {
        var node = node()
        var nowhere = rule()
        nowhere.destination = IPv4Address(number: 0)
        #expect(throws: LegacyRuleError(.invalidArgument, log: "Please specify destination IP")) {
            try node.append(nowhere)
        }
        #expect(throws: LegacyRuleError(.invalidArgument, log: "Please specify destination IP")) {
            try node.append(rule(prefix: 31))
        }
    }

    @Test func theLastBucketOfTheBitmap() throws {
        var node = node()
        try node.append(rule(total: 65))
        try node.write(Array("+64".utf8), to: Self.address)
        try node.write(Array("+65".utf8), to: Self.address)
        #expect(node.addresses[Self.address]?.owned == [1, 64])
    }

    @Test func aWriteOfTenBytesAndNoMore() throws {
        var node = node()
        try node.append(rule())
        try node.write(Array("+000000002".utf8), to: Self.address)
        #expect(node.addresses[Self.address]?.owned == [1, 2])
        #expect(throws: KernelErrno.inputOutput) { try node.write(Array("+0000000003".utf8), to: Self.address) }
    }

    @Test func anInterfaceThatIsRenamedTakesAlongWhatWasBoundAndBringsItBack() throws {
        var node = node()
        try node.append(rule())
        let mac = LinkAddress(number: 0x0100_5e00_0020)
        let own = LinkAddress(number: 0x0200_0000_0001)
        let request = ARPPacket(operation: 1, senderIP: Self.address, senderMAC: own, frameSource: own)
        #expect(node.rewritten(request, leavingThrough: "eth0").senderMAC == mac)
        node.rename(interface: "eth0", to: "eth1")
        #expect(node.multicastAddresses(of: "eth0").isEmpty && node.multicastAddresses(of: "eth1").isEmpty)
        #expect(node.rewritten(request, leavingThrough: "eth0") == request)
        node.rename(interface: "eth1", to: "eth0")
        #expect(node.multicastAddresses(of: "eth0") == [mac])
        #expect(node.rewritten(request, leavingThrough: "eth0").senderMAC == mac)
    }

    @Test func anOldKernelRemovesInterfacesThatNothingIsBoundTo() {
        var old = LegacyNode(kernel: LegacyKernel(LinuxVersion(4, 10)), interfaces: ["eth0"])
        #expect(old.remove(interface: "eth0") && old.interfaces.isEmpty)
    }

    /// The kernels on both sides of each change; facts that a version does not show are not asked for.
    @Test func theKernelsOfTheChanges() {
        func changes(_ before: LinuxVersion, _ after: LinuxVersion, _ fact: (LegacyKernel) -> Bool) -> Bool {
            !fact(LegacyKernel(before)) && fact(LegacyKernel(after))
        }
        #expect(changes(LinuxVersion(3, 18), LinuxVersion(3, 19), \.isPerNamespace))
        #expect(changes(LinuxVersion(4, 9), LinuxVersion(4, 10), \.warnsOfDeprecation))
        #expect(changes(LinuxVersion(4, 10), LinuxVersion(4, 11), \.followsInterface))
        #expect(changes(LinuxVersion(4, 14), LinuxVersion(4, 15), \.refusesNftables))
        #expect(changes(LinuxVersion(4, 15), LinuxVersion(4, 16), \.checksLocalNodes))
        #expect(changes(LinuxVersion(4, 18), LinuxVersion(4, 19), \.comparesMAC))
        #expect(changes(LinuxVersion(5, 17), LinuxVersion(5, 16), \.leaksOnMismatch))
        #expect(changes(LinuxVersion(6, 3), LinuxVersion(6, 2), \.hasTarget))
    }

    /// Read back, a mask is checked as if it were a node.
    @Test(arguments: [(UInt32(0), false), (1, true), (32, true), (33, false)])
    func theMasksThatSurviveSaveAndRestore(_ mask: UInt32, _ survives: Bool) throws {
        let rule = try ClusterMatchRule(match: ClusterMatch(bucketCount: 32, seed: 0), nodeMask: mask)
        #expect(rule.survivesSaveAndRestore == survives)
    }

    /// xt_cluster leaves a frame to a group alone when its IP destination is a group too, 224.0.0.0/4.
    @Test(arguments: [(UInt8(223), PacketType.host), (224, .multicast), (239, .multicast), (240, .host)])
    func theGroupsOfXtCluster(_ first: UInt8, _ type: PacketType) throws {
        let rule = try ClusterMatchRule(match: ClusterMatch(bucketCount: 2, seed: 0), localNode: 1)
        let flow = Flow(transport: .udp, source: IPv4Address(10, 9, 0, 1), destination: IPv4Address(first, 1, 2, 3))
        #expect(rule.evaluate(Packet(flow: flow, type: .multicast)).type == type)
    }
}
