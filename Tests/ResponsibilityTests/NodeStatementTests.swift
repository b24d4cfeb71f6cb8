import LegacyNode
import Responsibility
import Testing

@Suite("Statements 20–31: the node as ipt_CLUSTERIP shows it")
struct NodeStatementTests {
    private let mac = LinkAddress(number: 0x0100_5e00_0020)

    private func options(
        _ mode: HashMode = .sourceIP, mac: LinkAddress? = nil, total: UInt16 = 4, local: UInt16 = 1, seed: UInt32 = 0
    ) -> LegacyOptions {
        LegacyOptions(mode: mode, mac: mac ?? self.mac, totalNodes: total, localNodes: [local], hashInit: seed)
    }

    private func rule(_ options: LegacyOptions) -> LegacyRule {
        LegacyRule(destination: Samples.cluster, interface: "vn", options: options)
    }

    private func node(_ version: LinuxVersion = LinuxVersion(6, 1), total: UInt16 = 4) throws -> LegacyNode {
        var node = LegacyNode(kernel: LegacyKernel(version), interfaces: ["vn", "other"])
        try node.append(rule(options(total: total)))
        return node
    }

    private func write(_ text: String, _ node: inout LegacyNode) -> KernelErrno? {
        do { try node.write(Array(text.utf8), to: Samples.cluster) } catch { return error }
        return nil
    }

    private func refusal(_ rule: LegacyRule, _ node: inout LegacyNode) -> LegacyRuleError? {
        do { try node.append(rule) } catch { return error }
        return nil
    }

    @Test func statement20ReadingListsBucketsUpTo32() throws {
        var node = try node(total: 64)
        for bucket in [40, 3, 32, 33] { #expect(write("+\(bucket)", &node) == nil) }
        #expect(try node.read(Samples.cluster) == "1,3,32\n")
        #expect(node.addresses[Samples.cluster]?.owned == [1, 3, 32, 33, 40])
        for bucket in [1, 3, 32] { #expect(write("-\(bucket)", &node) == nil) }
        #expect(try node.read(Samples.cluster) == "")
    }

    @Test(arguments: [
        ("+2", nil), ("+2\n", nil), ("++2", nil), ("+65538", nil), ("+2\0junk", nil), ("+0000002\n", nil),
        ("-1", nil), ("-+1\n", nil), ("-65537", nil),
        ("+123456789\n", KernelErrno.inputOutput), ("2", .inputOutput), ("", .inputOutput), (" +2", .inputOutput),
        ("\0+2", .inputOutput), ("+", .invalidArgument), ("+abc", .invalidArgument), ("+ 2", .invalidArgument),
        ("+0x2", .invalidArgument), ("+2 3", .invalidArgument), ("+2\n\n", .invalidArgument),
        ("+++2", .invalidArgument), ("+-2", .invalidArgument), ("-", .invalidArgument), ("+\n", .invalidArgument),
        ("+0", .noMemory), ("+5", .noMemory), ("+1", .noMemory), ("+65536", .noMemory),
        ("-0", .noEntry), ("-5", .noEntry), ("-2", .noEntry), ("-65536", .noEntry),
    ])
    func statement21WritesReturnTheKernelsErrno(text: String, expected: KernelErrno?) throws {
        var node = try node()
        let before = node
        #expect(write(text, &node) == expected)
        let changed = text.hasPrefix("-") ? "" : "1,2\n"
        #expect(try node.read(Samples.cluster) == (expected == nil ? changed : "1\n"))
        if expected != nil { #expect(node == before) }
    }

    @Test func statement22AddingTwiceAndRemovingTwiceChangeNothing() throws {
        var node = try node()
        #expect(write("+2", &node) == nil)
        let before = node
        #expect(write("+2", &node) == .noMemory)
        #expect(write("-3", &node) == .noEntry)
        #expect(node == before)
    }

    @Test(arguments: [LinuxVersion(3, 10), LinuxVersion(4, 18), LinuxVersion(4, 19), LinuxVersion(6, 2)])
    func statement23LaterRulesOptionsAreIgnoredExceptTheMAC(version: LinuxVersion) throws {
        var node = try node(version)
        try node.append(rule(options(.sourceIPSourcePort, total: 9, local: 2, seed: 5)))
        #expect(node.placement(of: Samples.cluster)?.mode == .sourceIP)
        #expect(node.addresses[Samples.cluster]?.options.totalNodes == 4)
        let other = rule(options(mac: LinkAddress(number: 0x0100_5e00_0021)))
        let expected = version >= LinuxVersion(4, 19) ? LegacyRuleError(.invalidArgument) : nil
        #expect(refusal(other, &node) == expected)
        #expect(node.addresses[Samples.cluster]?.options.mac == mac)
    }

    @Test(arguments: [(LinuxVersion(4, 18), false), (LinuxVersion(4, 19), true), (LinuxVersion(6, 1), true)])
    func statement24ASecondRuleWithoutNewIsRefusedSince419(version: LinuxVersion, isRefused: Bool) throws {
        var node = try node(version)
        #expect((refusal(rule(LegacyOptions()), &node) != nil) == isRefused)
    }

    @Test func statement25LocalNodeZeroIsRefusedSince416() throws {
        for version in [LinuxVersion(4, 15), LinuxVersion(4, 16)] {
            var node = LegacyNode(kernel: LegacyKernel(version), interfaces: ["vn"])
            let error = refusal(rule(options(local: 0)), &node)
            #expect(
                error == (version.minor < 16 ? nil : LegacyRuleError(.invalidArgument, log: "bad local_nodes[0] 0")))
            if error == nil { #expect(try node.read(Samples.cluster) == "") }
        }
        var node = LegacyNode(kernel: LegacyKernel(LinuxVersion(6, 1)), interfaces: ["vn"])
        #expect(refusal(rule(options(local: 65)), &node)?.log == "bad local_nodes[0] 65")
        #expect(refusal(rule(options(local: 9)), &node) == nil)
        let packet = Packet(flow: Samples.flow())
        #expect(node.decide(packet)?.accepts == false, "a local node above the total never matches")
    }

    @Test func statement26RulesWithoutAddressOrInterfaceAreRefused() throws {
        var node = LegacyNode(kernel: LegacyKernel(LinuxVersion(6, 1)), interfaces: ["vn"])
        var wide = rule(options())
        wide.prefixLength = 24
        #expect(refusal(wide, &node) == LegacyRuleError(.invalidArgument, log: "Please specify destination IP"))
        var nowhere = rule(options())
        nowhere.interface = ""
        #expect(refusal(nowhere, &node) == LegacyRuleError(.invalidArgument, log: "Please specify an interface name"))
        nowhere.interface = "eth+"
        #expect(refusal(nowhere, &node) == LegacyRuleError(.noEntry, log: "no such interface eth+"))
        var compat = rule(options())
        compat.isThroughNftables = true
        #expect(refusal(compat, &node)?.errno == .notSupported)
        var modeless = rule(options())
        modeless.options.hashMode = 3
        #expect(refusal(modeless, &node)?.log == "unknown mode 3")
        #expect(refusal(rule(LegacyOptions()), &node)?.log == "no config found for 10.8.0.1, need 'new'")
        var modern = LegacyNode(kernel: LegacyKernel(LinuxVersion(6, 3)), interfaces: ["vn"])
        #expect(refusal(rule(options()), &modern)?.errno == .noEntry)
    }

    @Test func statement27LiveBucketsSurviveEditsAndDieWithTheLastRule() throws {
        var node = try node()
        #expect(write("+3", &node) == nil)
        try node.replace(table: "filter", with: [rule(options(local: 2)), rule(options(local: 2))])
        #expect(try node.read(Samples.cluster) == "1,3\n")
        #expect(node.rules.allSatisfy { $0.saved.contains("--local-node 2 ") })
        #expect(node.addresses[Samples.cluster]?.entries == 2)
        let deleted = [1, 2, 2].map { node.delete(rule(options(local: $0))) }
        #expect(deleted == [false, true, true], "every option must match")
        #expect(throws: KernelErrno.noEntry) { try node.read(Samples.cluster) }
        try node.append(rule(options()))
        #expect(try node.read(Samples.cluster) == "1\n")
    }

    @Test(arguments: [(LinuxVersion(5, 16), true), (LinuxVersion(5, 17), false)])
    func statement27ARefusedSecondRuleLeaksAReferenceUntil517(version: LinuxVersion, leaks: Bool) throws {
        var node = try node(version)
        #expect(refusal(rule(LegacyOptions()), &node) != nil)
        #expect(throws: LegacyRuleError.self) {
            try node.replace(table: "filter", with: [rule(options()), rule(LegacyOptions())])
        }
        #expect(node.rules.count == 1)
        #expect(node.addresses[Samples.cluster]?.entries == (leaks ? 3 : 1))
        node.flush(table: "filter")
        #expect(node.files.isEmpty == !leaks)
    }

    @Test func statement28OwnershipIsPerAddressAndNamespace() throws {
        var node = try node()
        let second = IPv4Address(10, 8, 0, 2)
        try node.append(LegacyRule(destination: second, interface: "vn", options: options(local: 2)))
        #expect(write("+4", &node) == nil)
        #expect(try node.read(Samples.cluster) == "1,4\n")
        #expect(try node.read(second) == "2\n")
        var inner = LegacyNode(kernel: LegacyKernel(LinuxVersion(3, 10)), interfaces: ["vn"], isInitialNamespace: false)
        try inner.append(rule(options()))
        #expect(inner.files.isEmpty)
    }

    @Test func statement29RenamingAwayUnbindsAndBackBinds() throws {
        var node = try node()
        let packet = arp(operation: 2)
        #expect(write("+3", &node) == nil)
        node.rename(interface: "vn", to: "vn9")
        #expect(node.multicastAddresses(of: "vn9").isEmpty)
        #expect(node.rewritten(packet, leavingThrough: "vn9") == packet)
        #expect(try node.read(Samples.cluster) == "1,3\n")
        node.rename(interface: "vn9", to: "vn")
        #expect(node.multicastAddresses(of: "vn") == [mac])
        let isRemoved = node.remove(interface: "vn")
        #expect(isRemoved)
        #expect(node.multicastAddresses(of: "vn").isEmpty)
        node.add(interface: "vn")
        #expect(node.multicastAddresses(of: "vn") == [mac])
        var old = try self.node(LinuxVersion(3, 10))
        let hangs = !old.remove(interface: "vn")
        #expect(hangs, "the kernel waits without end")
    }

    private func arp(operation: UInt16, sender: IPv4Address = Samples.cluster, isEthernetIPv4: Bool = true) -> ARPPacket
    {
        ARPPacket(
            operation: operation, senderIP: sender, senderMAC: LinkAddress(number: 0x02_0000_0000_01),
            frameSource: LinkAddress(number: 0x02_0000_0000_01), isEthernetIPv4: isEthernetIPv4)
    }

    @Test func statement31OnlyTheSendersMACOfRequestsAndRepliesIsRewritten() throws {
        let node = try node()
        for operation: UInt16 in [1, 2] {
            let packet = node.rewritten(arp(operation: operation), leavingThrough: "vn")
            #expect(packet.senderMAC == mac)
            #expect(packet.frameSource == LinkAddress(number: 0x02_0000_0000_01))
        }
        let untouched = [
            arp(operation: 3), arp(operation: 1, sender: IPv4Address(number: 0)),
            arp(operation: 2, sender: IPv4Address(10, 8, 0, 2)), arp(operation: 2, isEthernetIPv4: false),
        ]
        for packet in untouched { #expect(node.rewritten(packet, leavingThrough: "vn") == packet) }
        #expect(node.rewritten(arp(operation: 2), leavingThrough: "other") == arp(operation: 2))
    }
}
