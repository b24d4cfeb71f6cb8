import ClusterModel
import NodeDriver
import Responsibility
import SimulatedNodes
import Testing

/// Every driver does what its capabilities say, and refuses what they lack with the right error, the node as it was.
@Suite struct CapabilityTests {
    /// A driver to be held to what it says of itself.
    enum Subject: String, CaseIterable {
        case nftables
        case simulated
        /// As a cluster manager's rules, which are only read.
        case readOnly
        /// As ipt_CLUSTERIP: one bucket at a time, no states beside owned, nothing written beside them.
        case plain
        case withoutDraining
        case withoutAdopting
        case withoutMarks
        case withoutCounters
        case onlyArrived
        case fewBuckets
        case otherFamily

        var capabilities: Capabilities {
            var all = Capabilities.full
            switch self {
            case .nftables: all.counters.insert(.replied)
            case .simulated: break
            case .readOnly: all.abilities = []
            case .plain: all = Capabilities(counters: [], abilities: [.membership, .moving], mostBuckets: 64)
            case .withoutDraining: all.abilities.remove(.draining)
            case .withoutAdopting: all.abilities.remove(.adopting)
            case .withoutMarks: all.abilities.remove(.marks)
            case .withoutCounters: all.counters = []
            case .onlyArrived: all.counters = [.arrived]
            case .fewBuckets: all.mostBuckets = 15
            case .otherFamily: all.families = [.v6]
            }
            return all
        }

        /// Runs a body with a fresh node without any cluster address.
        func run(_ body: (Rig) throws -> Void) throws {
            switch self {
            case .nftables: try Rig.run(.nftables, body)
            default: try Rig.run(SimulatedDriver(name: rawValue, capabilities: capabilities), body)
            }
        }

        /// Runs a body with a member that owns the buckets 1 to 3.
        func runMember(_ body: (Rig) throws -> Void) throws {
            try run { rig in
                try rig.makeMember(.example(), owned: [1, 2, 3])
                try body(rig)
            }
        }
    }

    /// Something that is asked of a member, what it takes, and what shows that it was done.
    struct Request: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var needs: [Capabilities.Ability] = []
        /// Whether the settings must be possible, too.
        var needsSettings = false
        let ask: @Sendable (Rig) throws -> Void
        var isDone: @Sendable (Rig) throws -> Bool = { _ in true }

        static func step(
            _ name: String, _ needs: [Capabilities.Ability], _ change: StepRequest.Change, then state: BucketState?
        ) -> Request {
            Request(
                testDescription: name, needs: needs,
                ask: { rig in
                    let step = StepRequest(operation: "op-1", address: Traffic.cluster, changes: [change])
                    guard try rig.driver.apply(step) == .applied else { throw Failure("not applied") }
                },
                isDone: { try $0.driver.sample().clusters[0].ownership.state(of: change.bucket) == state })
        }

        static let all: [Request] = [
            step("release", [.moving], .init(bucket: 1, from: .owned, to: nil), then: nil),
            step("claim", [.moving], .init(bucket: 9, from: nil, to: .owned), then: .owned),
            step("drain", [.moving, .draining], .init(bucket: 1, from: .owned, to: .draining), then: .draining),
            step("adopt", [.moving, .adopting], .init(bucket: 9, from: nil, to: .adopted), then: .adopted),
            Request(
                testDescription: "operations", needs: [.marks],
                ask: { _ = try $0.driver.operations(of: Traffic.cluster) },
                isDone: { try $0.driver.operations(of: Traffic.cluster).count == 16 }),
            Request(
                testDescription: "a step that expects a mark", needs: [.moving, .marks],
                ask: { rig in
                    let change = StepRequest.Change(bucket: 9, from: nil, to: nil, by: "nobody")
                    let step = StepRequest(operation: "op-1", address: Traffic.cluster, changes: [change])
                    guard case .refused = try rig.driver.apply(step) else { throw Failure("applied") }
                }),
            Request(
                testDescription: "rebuild", needs: [.membership], needsSettings: true,
                ask: { try $0.driver.rebuild(.example()) },
                isDone: { try $0.driver.sample().clusters[0].ownership.owned == [1, 2, 3] }),
            Request(
                testDescription: "install another", needs: [.membership], needsSettings: true,
                ask: { try $0.driver.install(.example(address: IPAddress(10, 8, 0, 2)), owned: []) },
                isDone: { try $0.driver.sample().clusters.count == 2 }),
            Request(
                testDescription: "uninstall", needs: [.membership], ask: { try $0.driver.uninstall(Traffic.cluster) },
                isDone: { try $0.driver.sample().clusters.isEmpty }),
        ]
    }

    @Test(arguments: Subject.allCases, Request.all)
    func itIsDoneOrRefusedAsTheCapabilitiesSay(_ subject: Subject, _ request: Request) throws {
        try subject.runMember { rig in
            let capabilities = rig.driver.capabilities
            let missing = request.needs.filter { !capabilities.can($0) }.map {
                DriverError.cannot($0, driver: rig.driver.name)
            }
            let isPossible = !request.needsSettings || capabilities.obstacle(to: .example()) == nil
            guard !missing.isEmpty || !isPossible else {
                try request.ask(rig)
                #expect(try request.isDone(rig))
                return
            }
            let before = try rig.fingerprint()
            let error = #expect(throws: DriverError.self) { try request.ask(rig) }
            #expect(error?.code == .notSupported)
            if isPossible { #expect(missing.contains { $0 == error }, "\(error?.message ?? "")") }
            #expect(try rig.fingerprint() == before)
        }
    }

    @Test(arguments: Subject.allCases)
    func itCountsWhatItSaysAndNothingElse(_ subject: Subject) throws {
        try subject.runMember { rig in
            let capabilities = rig.driver.capabilities
            let sample = try #require(try rig.driver.sample().clusters.first)
            #expect(sample.capabilities == capabilities && sample.driver == rig.driver.name)
            #expect(sample.counters.count == (capabilities.counters.isEmpty ? 0 : 16))
            for counters in sample.counters {
                for counter in Counter.allCases {
                    #expect((counters[counter] != nil) == capabilities.counters.contains(counter))
                }
            }
        }
    }

    @Test(arguments: Subject.allCases)
    func itSaysWhatItCanDo(_ subject: Subject) throws {
        try subject.run { rig in
            let capabilities = rig.driver.capabilities
            #expect(capabilities == subject.capabilities)
            let large = ClusterConfiguration.example(bucketCount: UInt32(capabilities.mostBuckets))
            guard capabilities.can(.membership), capabilities.families.contains(.v4) else {
                #expect(throws: DriverError.self) { try rig.driver.install(large, owned: []) }
                return
            }
            try rig.driver.install(large, owned: [])
            #expect(try rig.driver.sample().clusters[0].configuration.bucketCount == capabilities.mostBuckets)
        }
    }
}
