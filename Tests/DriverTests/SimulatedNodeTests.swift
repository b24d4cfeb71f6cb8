import ClusterModel
import LegacyNode
import NodeDriver
import Responsibility
import SimulatedNodes
import Testing

/// A simulated node is a node of ipt_CLUSTERIP: what its files, rules and log show, and what its kernel answers.
@Suite struct SimulatedNodeTests {
    private let address = ClusterConfiguration.example().address
    /// The same address, as ipt_CLUSTERIP has it.
    private let own = IPv4Address(10, 8, 0, 1)

    private func apply(_ driver: SimulatedDriver, _ bucket: Int, _ from: BucketState?, _ to: BucketState?) throws {
        let step = StepRequest(
            operation: "op-1", address: address, changes: [.init(bucket: bucket, from: from, to: to)])
        #expect(try driver.apply(step) == .applied)
    }

    @Test func theBitmapIsWhatTheNodeAnswers() throws {
        let driver = SimulatedDriver()
        try driver.install(.example(), owned: [1, 3, 16])
        #expect(try driver.node.read(own) == "1,3,16\n")
        try apply(driver, 3, .owned, .draining)
        try apply(driver, 4, nil, .adopted)
        #expect(try driver.node.read(own) == "1,4,16\n")
        #expect(driver.held(for: address)?.ownership == Ownership(owned: [1, 16], draining: [3], adopted: [4]))
        try driver.uninstall(address)
        #expect(driver.node.files == [] && driver.node.rules == [])
    }

    @Test func moreBucketsThanABitmapHolds() throws {
        let driver = SimulatedDriver()
        let owned = BucketSet(stride(from: 1, through: 65_536, by: 3))
        try driver.install(.example(bucketCount: 65_536), owned: owned)
        #expect(driver.held(for: address)?.ownership == Ownership(owned: owned))
        #expect(driver.node.addresses[own]?.owned == Array(stride(from: 1, through: 64, by: 3)))
        try apply(driver, 64, .owned, nil)
        try apply(driver, 65, nil, .owned)
        let ownership = try #require(driver.held(for: address)?.ownership)
        #expect(ownership.state(of: 64) == nil && ownership.state(of: 65) == .owned)
        driver.changeNode { $0.flush(table: "filter") }
        try driver.install(.example(bucketCount: 65_536), owned: [])
        #expect(driver.held(for: address)?.ownership == Ownership())
    }

    @Test func whatIsWrittenToTheFileIsSeen() throws {
        let driver = SimulatedDriver()
        try driver.install(.example(), owned: [1, 2])
        try apply(driver, 2, .owned, .draining)
        let generation = driver.generation
        try driver.changeNode { node throws(KernelErrno) in try node.write(Array("-1\n".utf8), to: own) }
        try driver.changeNode { node throws(KernelErrno) in try node.write(Array("+2\n".utf8), to: own) }
        let held = try #require(driver.held(for: address))
        #expect(held.ownership == Ownership(owned: [2]))
        #expect(held.operations[1] == nil && held.operations[2] == nil && held.operations[3] != nil)
        #expect(driver.generation == generation + 2)
    }

    @Test(arguments: [
        ("+1\n", KernelErrno.noMemory), ("-2\n", .noEntry), ("3", .inputOutput), ("+x", .invalidArgument),
    ])
    func theFileAnswersAsTheKernel(_ text: String, _ errno: KernelErrno) throws {
        let driver = SimulatedDriver()
        try driver.install(.example(), owned: [1])
        #expect(throws: errno) {
            try driver.changeNode { node throws(KernelErrno) in try node.write(Array(text.utf8), to: own) }
        }
        #expect(driver.held(for: address)?.ownership == Ownership(owned: [1]))
    }

    @Test func rulesOfAnotherProgram() throws {
        let driver = SimulatedDriver()
        let mode = HashMode.sourceIP
        let (mac, other) = (LinkAddress(number: 0x0100_5e00_0020), LinkAddress(number: 0x0100_5e00_0021))
        func rule(_ mac: LinkAddress) -> LegacyRule {
            LegacyRule(
                destination: own, interface: "eth0",
                options: LegacyOptions(mode: mode, mac: mac, totalNodes: 2, localNodes: [1]))
        }
        try driver.changeNode { node throws(LegacyRuleError) in try node.append(rule(other)) }
        var error = #expect(throws: DriverError.self) { try driver.install(.example(), owned: [1]) }
        #expect(error?.message == "The kernel refuses the rule with EINVAL.")
        driver.changeNode { _ = $0.delete(rule(other)) }
        try driver.changeNode { node throws(LegacyRuleError) in try node.append(rule(mac)) }
        error = #expect(throws: DriverError.self) { try driver.install(.example(), owned: [1]) }
        #expect(error?.code == .alreadyExists && driver.node.rules == [rule(mac)])
        driver.changeNode { $0.flush(table: "filter") }
        try driver.install(.example(), owned: [1])
        driver.changeNode { $0.flush(table: "filter") }
        #expect(try driver.sample().clusters.isEmpty)
    }

    @Test func aKernelWithoutTheTargetSaysSo() {
        let driver = SimulatedDriver(kernel: LegacyKernel(LinuxVersion(6, 3)))
        let error = #expect(throws: DriverError.self) { try driver.install(.example(), owned: []) }
        #expect(error == DriverError(.kernel, "The kernel refuses the rule with ENOENT."))
    }

    @Test func theMACFollowsTheInterface() throws {
        let driver = SimulatedDriver()
        try driver.install(.example(), owned: [1])
        #expect(try driver.sample().clusters.first?.health.macJoined == true)
        let before = driver.interfaces
        driver.interfaces = [:]
        #expect(try driver.sample().clusters.first?.health.macJoined == false)
        driver.interfaces = before
        #expect(try driver.sample().clusters.first?.health.macJoined == true)
        #expect(try driver.node.read(own) == "1\n")
    }
}
