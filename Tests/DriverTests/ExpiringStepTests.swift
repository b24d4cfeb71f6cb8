import ClusterModel
import LinuxNode
import NodeDriver
import PacketRules
import Responsibility
import SimulatedNodes
import Testing

/// Steps that are carried out bucket by bucket, by an agent that is stopped in the middle and goes on when they have expired.
@Suite struct ExpiringStepTests {
    private static let address = IPAddress(10, 8, 0, 1)
    private static let driver = DriverDescription(
        "rules", Capabilities(counters: [], abilities: [.moving, .marks], mostBuckets: 32))

    /// Notes in memory, and a kernel that holds who owns what and takes its time.
    private final class Node: StepLedgerKeeping {
        var owned: BucketSet
        var clock: UInt64 = 0
        /// Before this change, counted from 1, and before it is undone, the agent is stopped for so long.
        var stops: [Int: UInt64] = [:]
        /// The kernel refuses this change.
        var refused: Int?
        private var changes = 0
        private var ledger = StepLedger()

        init(owned: BucketSet) { self.owned = owned }

        func locked<Value>(
            _ address: IPAddress, _ body: () throws(DriverError) -> Value
        ) throws(DriverError) -> Value { try body() }
        func ledger(_ address: IPAddress) throws(DriverError) -> StepLedger { ledger }
        func keep(_ ledger: StepLedger, of address: IPAddress) throws(DriverError) { self.ledger = ledger }
        func installation(of address: IPAddress) -> String { OperationMark.installation(0).text }
        func newInstallation() -> String { OperationMark.installation(1).text }

        func apply(_ changes: [StepRequest.Change], until: UInt64?) throws(DriverError) -> StepOutcome {
            try NotedSteps(
                self, ExpiringStepTests.driver, ExpiringStepTests.address, total: 8, clock: { [self] in clock }
            ).apply(
                StepRequest(operation: "op-1", address: ExpiringStepTests.address, changes: changes, until: until),
                owned: { () throws(DriverError) in
                    // The kernel is read after each change; then comes the next.
                    clock += stops[self.changes + 1] ?? 0
                    stops[self.changes + 1] = nil
                    return owned
                },
                set: { (bucket, owns) throws(DriverError) in
                    self.changes += 1
                    guard self.changes != refused else { throw DriverError(.kernel, "no") }
                    if owns { owned.insert(bucket) } else { owned.remove(bucket) }
                })
        }
    }

    private static func claims(_ buckets: [Int]) -> [StepRequest.Change] {
        buckets.map { .init(bucket: $0, from: nil, to: .owned) }
    }

    private static func releases(_ buckets: [Int]) -> [StepRequest.Change] {
        buckets.map { .init(bucket: $0, from: .owned, to: nil) }
    }

    @Test func `a step in time is made whole`() throws {
        let node = Node(owned: [5])
        #expect(try node.apply(Self.claims([1, 2, 3]), until: 10) == .applied)
        #expect(node.owned == [1, 2, 3, 5])
    }

    @Test(arguments: [1, 2, 3])
    func `what a late agent has claimed of a step is given up, and nothing more is claimed`(before: Int) throws {
        let node = Node(owned: [5])
        node.stops = [before: 11]
        let error = #expect(throws: DriverError.self) { try node.apply(Self.claims([1, 2, 3]), until: 10) }
        #expect(error?.code == .expired && node.owned == [5])
        #expect(try node.apply(Self.claims([1, 2, 3]), until: 20) == .applied)
    }

    @Test(arguments: [2, 3])
    func `what a late agent has given up is not taken again, and goes on when it is asked again`(before: Int) throws {
        let node = Node(owned: [1, 2, 3, 5])
        node.stops = [before: 11]
        let error = #expect(throws: DriverError.self) { try node.apply(Self.releases([1, 2, 3]), until: 10) }
        #expect(error?.code == .expired && node.owned == BucketSet([1, 2, 3, 5].filter { $0 >= before }))
        #expect(try node.apply(Self.releases([1, 2, 3]), until: 20) == .applied)
        #expect(node.owned == [5])
    }

    @Test func `a step that fails too late is no step of which nothing was made`() throws {
        let node = Node(owned: [1, 2])
        (node.stops, node.refused) = ([:], 2)
        let inTime = #expect(throws: DriverError.self) { try node.apply(Self.releases([1, 2]), until: 10) }
        #expect(inTime?.code == .kernel && node.owned == [1, 2])
    }

    @Test func `a step that comes too late is refused before anything is looked at, and tells the node's clock`() throws
    {
        let driver = SimulatedDriver()
        driver.monotonicNanoseconds = 11
        let step = StepRequest(operation: "op-1", address: Self.address, changes: Self.claims([1]), until: 10)
        let error = #expect(throws: DriverError.self) { try driver.registry.apply(step) }
        #expect(error?.code == .expired)
    }

    @Test func `whoever hears that an address has no rules needs not fear what was meant for them`() throws {
        let directory = "/tmp/clusterip-notes-\(UInt64.random(in: .min ... .max))"
        defer { _ = try? shell("rm -rf \(directory)") }
        let notes = StepNotes(directory: directory)
        let before = try notes.marks(Self.address, total: 4, owned: [])
        try notes.locked(Self.address) { () throws(DriverError) in
            try notes.begin(Self.claims([2]), by: "op-1", of: Self.address, total: 4, owned: [])
        }
        try notes.forget(Self.address)
        let after = try notes.marks(Self.address, total: 4, owned: [2])
        #expect(Set(after.values).count == 1 && !after.values.contains("op-1"))
        #expect(Set(after.values).isDisjoint(with: before.values))
        #expect(try StepNotes(directory: directory).marks(Self.address, total: 4, owned: []) == after)
    }

    @Test func `a node without the address forgets its marks when it is asked for them, unless the agent is read-only`()
        throws
    {
        let driver = SimulatedDriver(
            name: "rules", capabilities: Capabilities(counters: [], abilities: [.moving, .marks], mostBuckets: 32))
        let configuration = ClusterConfiguration.example(mode: .sourceIP)
        try driver.commitForeignInstallation(configuration, owned: [1])
        let mark = try driver.operations(of: configuration.address)[1]
        driver.commitForeignRemoval(of: configuration.address)
        for isReadOnly in [true, false] {
            #expect(throws: DriverError.self) {
                try driver.registry.operations(of: configuration.address, isReadOnly: isReadOnly)
            }
            try driver.commitForeignInstallation(configuration, owned: [1])
            #expect((try driver.operations(of: configuration.address)[1] == mark) == isReadOnly)
            driver.commitForeignRemoval(of: configuration.address)
        }
    }
}
