import ClusterModel
import Planning
import Responsibility
import Testing

@Suite("Plans about members")
struct MembershipPlanTests {
    private static func settings(_ total: UInt32 = 8, seed: UInt32 = 42) -> ClusterConfiguration {
        ClusterConfiguration(
            name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e08_0001),
            scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: total, seed: seed)))
    }

    private static func install(_ own: [String: BucketSet] = [:], seed: UInt32 = 42) -> PlanRequest {
        .install(settings(seed: seed), own: own)
    }

    private static let empty: [BucketSet] = [[], [], []]

    @Test func `a new cluster's nodes are admitted empty, and its buckets given out in runs, every node guarding`()
        throws
    {
        let plan = try planned(
            Self.install(), cluster(Self.empty, heard: [false, false, false]))
        #expect(plan.membership.keys.sorted() == ["node1", "node2", "node3"])
        #expect(plan.after.mapValues(\.owned) == ["node1": [1, 2], "node2": [3, 4, 5], "node3": [6, 7, 8]])
        #expect(plan.steps.prefix(3).map(\.role) == [.admit, .admit, .admit])
        #expect(
            plan.steps.filter { $0.role == .guard }.map(\.buckets) == [
                [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8],
            ])
        #expect(plan.steps.filter { $0.role == .claim }.allSatisfy { $0.needs.count == 3 })
    }

    @Test func `who is installed beside owners owns nothing, and gets only what is named and nobody owns`() throws {
        let living = cluster([[1, 2, 3], [4, 5], []], heard: [true, true, false])
        #expect(try planned(Self.install(), living).moves.isEmpty)
        #expect(try planned(Self.install(["node3": [7, 8]]), living).ways == ["7:->node3", "8:->node3"])
        #expect(throws: PlanError.ownedElsewhere([3], owner: "node1", wantedBy: "node3")) {
            try planned(Self.install(["node3": [3, 7]]), living)
        }
        #expect(throws: PlanError.self) { try planned(Self.install(seed: 7), living) }
        #expect(throws: PlanError.nothingToDo(.allMembers)) {
            try planned(Self.install(), cluster([[1, 2, 3, 4], [5, 6, 7, 8]]))
        }
    }

    @Test func `members whose IGMP group is not as wanted are made anew and keep what they own`() throws {
        var wanted = Self.settings()
        wanted.joinsGroup = true
        let living = cluster([[1, 2, 3, 4], [5, 6, 7, 8]])
        let plan = try planned(.install(wanted, own: [:]), living)
        #expect(plan.membership.keys.sorted() == ["node1", "node2"] && plan.moves.isEmpty)
        for (name, change) in plan.membership {
            guard case .rebuild(let settings, let before, keeping: true) = change else {
                Issue.record("\(name): \(change)")
                continue
            }
            #expect(settings.joinsGroup && before.joinsGroup == false && settings.scheme == wanted.scheme)
        }
    }

    @Test func `nodes that cannot be asked must be vouched for before an installation`() throws {
        let plan = try planned(
            Self.install(), cluster(Self.empty, states: [.live, .live, .unreachable], heard: [false, false, false]))
        #expect(plan.risks == [.silentNodes(["node3"])])
        #expect(plan.steps.allSatisfy { $0.node != "node3" } && plan.roster?.names == ["node1", "node2", "node3"])
    }

    @Test func `a node joins owning nothing, or what surely nobody owns`() throws {
        let living = cluster([[1, 2, 3, 4], [5, 6], []], heard: [true, true, false])
        #expect(try planned(.join("node3", interface: nil), living).ways == ["7:->node3", "8:->node3"])
        let whole = cluster([[1, 2, 3, 4], [5, 6, 7, 8], []], heard: [true, true, false])
        let plan = try planned(.join("node3", interface: "lan0"), whole)
        #expect(plan.moves.isEmpty && plan.membership["node3"]?.configuration.interface == "lan0")
        let silent = cluster([[1], [], []], states: [.live, .unreachable, .live], heard: [true, true, false])
        #expect(try planned(.join("node3", interface: nil), silent).moves.isEmpty)
        #expect(throws: PlanError.nothingToDo(.alreadyMember("node1"))) {
            try planned(.join("node1", interface: nil), whole)
        }
    }

    @Test func `a node is made anew with what it owns; one without a table gets back what nobody owns`() throws {
        let plan = try planned(.reinstall("node1", interface: nil), cluster([[1, 2, 3, 4], [5, 6, 7, 8]]))
        #expect(plan.steps.map(\.role) == [.rebuild, .enroll, .enroll] && plan.before["node1"]?.owned == [1, 2, 3, 4])
        var flushed = cluster([[], [3, 5, 6, 7, 8]], heard: [false, true])
        flushed.nodes[0].lost = cluster([[1, 2, 3]]).nodes[0].sample
        let back = try planned(.reinstall("node1", interface: nil), flushed)
        #expect(back.ways == ["1:->node1", "2:->node1"] && back.steps.first?.role == .admit)
    }

    @Test func `of several nodes without a table all are silenced before the first claims what nobody owns`() throws {
        let flushed = cluster([[], [5, 6, 7, 8], []], heard: [false, true, false], bare: [true, false, true])
        for request in [PlanRequest.reinstall("node1", interface: nil), .join("node1", interface: nil)] {
            let plan = try planned(request, flushed)
            #expect(plan.ways == ["1:->node1", "2:->node1", "3:->node1", "4:->node1"])
            #expect(plan.steps.filter { $0.role == .admit }.map(\.node).sorted() == ["node1", "node3"])
            #expect(plan.claimed.allSatisfy { $0.bucket < 5 })
        }
    }

    @Test func `a node of another size keeps what it owns where that can be told and is nobody else's`() throws {
        func reinstalled(_ other: BucketSet) throws -> Plan {
            var mixed = cluster([[1, 2, 3, 4], [5, 6], []])
            mixed.nodes[2].sample?.configuration = Self.settings(16)
            mixed.nodes[2].sample?.ownership = Ownership(owned: other)
            return try planned(.reinstall("node3", interface: nil), mixed)
        }
        #expect(try reinstalled([13, 14, 15, 16]).steps.first?.role == .rebuild)
        #expect(try reinstalled([13, 14, 15, 16]).membership["node3"]?.isEmptying == false)
        #expect(try reinstalled([7, 8]).membership["node3"]?.isEmptying == true)
        #expect(try reinstalled([13]).membership["node3"]?.isEmptying == true)
        #expect(try reinstalled([13]).moves.isEmpty)
    }

    @Test func `an owner does not leave`() throws {
        #expect(throws: PlanError.stillOwner("node1", [1, 2])) {
            try planned(.leave("node1"), cluster([[1, 2], [3, 4, 5, 6, 7, 8]]))
        }
        let plan = try planned(.leave("node1"), cluster([[], [1, 2, 3, 4, 5, 6, 7, 8]]))
        #expect(plan.steps.map(\.role) == [.leave, .enroll])
    }

    @Test func `a cluster is resized node by node, and only by a multiple or a divisor`() throws {
        let plan = try planned(.resize(16), cluster([[1, 2, 3, 4], [5, 6, 7, 8]]))
        #expect(plan.steps.prefix(2).map(\.needs) == [[], [StepID(.rebuild, on: "node1")]])
        #expect(plan.membership["node2"]?.isEmptying == false)
        #expect(throws: PlanError.wrongSize(12, now: 8)) { try planned(.resize(12), cluster([[1], [2]])) }
        #expect(throws: PlanError.wrongSize(131_072, now: 8)) { try planned(.resize(131_072), cluster([[1], [2]])) }
        #expect(throws: PlanError.nothingToDo(.sameSize(8))) { try planned(.resize(8), cluster([[1], [2]])) }
        #expect(throws: PlanError.divided(bucket: 2, by: 2, node: "node1")) {
            try planned(.resize(4), cluster([[1, 2, 3], [4, 5, 6, 7, 8]]))
        }
        #expect(throws: PlanError.nodeNotLive("node2", .unreachable)) {
            try planned(.resize(16), cluster([[1], [2]], states: [.live, .unreachable]))
        }
    }

    @Test func `a living node that answers everybody is silenced before what nobody owns is claimed`() throws {
        let flushed = cluster([[1, 2, 3], [4, 5, 6], []], heard: [true, true, false], bare: [false, false, true])
        let plan = try planned(.repair, flushed)
        #expect(plan.membership.keys.sorted() == ["node3"] && plan.steps.first?.role == .admit)
        #expect(plan.buckets == [7, 8] && plan.before["node3"] == Ownership())
        #expect(plan.steps.contains { $0.id == .guard("node3") })
        #expect(try planned(.move([7], to: "node1", mode: .graceful), flushed).membership.count == 1)
        #expect(try planned(.move([1], to: "node2", mode: .graceful), flushed).membership.isEmpty)
    }

    @Test func `a living node without table and address stops no plan, and must have no table still`() throws {
        let plan = try planned(
            .repair, cluster([[1, 2, 3], [4, 5, 6], []], heard: [true, true, false]))
        #expect(plan.absent == ["node3"] && plan.before["node3"] == nil)
        #expect(plan.steps.allSatisfy { $0.node != "node3" })
    }

    @Test func `what was joined leaves again, what left joins, what was resized goes back`() throws {
        let whole = cluster([[1, 2, 3, 4], [5, 6, 7, 8], []], heard: [true, true, false])
        let join = try planned(.join("node3", interface: nil), whole)
        func undo(_ plan: Plan, _ snapshot: ClusterSnapshot) throws(PlanError) -> Plan {
            try Planner(snapshot: snapshot, operation: "op-2").inverseMembership(of: plan)
        }
        let joined = cluster([[1, 2, 3, 4], [5, 6, 7, 8], []])
        #expect(try undo(join, joined).membership["node3"]?.role == .leave)
        #expect(throws: PlanError.stillOwner("node3", [4])) {
            try undo(join, cluster([[1, 2, 3], [5, 6, 7, 8], [4]]))
        }
        #expect(try undo(planned(.leave("node3"), joined), whole).membership["node3"]?.role == .admit)
        let resize = try planned(.resize(16), joined)
        let halves: [BucketSet] = [[1, 2, 3, 4, 5, 6, 7, 8], [9, 10, 11, 12, 13, 14, 15, 16], []]
        let back = try undo(resize, cluster(halves, total: 16))
        #expect(back.membership["node1"]?.configuration.bucketCount == 8)
        #expect(throws: PlanError.divided(bucket: 1, by: 2, node: "node1")) {
            try undo(resize, cluster([[1, 3, 4], [9, 10, 11, 12, 13, 14, 15, 16, 2], []], total: 16))
        }
    }

    @Test func `an ended cluster comes back with the buckets where they were`() throws {
        let end = try planned(.end, cluster([[1, 2, 3, 4], [5, 6, 7, 8]]))
        #expect(end.after.values.allSatisfy { $0 == Ownership() })
        let back = try Planner(snapshot: cluster([[], []], heard: [false, false]), operation: "op-2")
            .inverseMembership(of: end)
        #expect(back.after.mapValues(\.owned) == ["node1": [1, 2, 3, 4], "node2": [5, 6, 7, 8]])
    }
}

@Suite("Plans by what kernels note")
struct NotedPlanTests {
    private static func noted(
        _ snapshot: ClusterSnapshot, _ notes: [Int: ClusterNotes]
    ) -> ClusterSnapshot {
        var snapshot = snapshot
        for (index, notes) in notes { snapshot.nodes[index].sample?.notes = notes }
        return snapshot
    }

    private static func record(_ id: String, emptied: String?, _ buckets: BucketSet) -> OperationRecord {
        OperationRecord(
            operation: id, note: OperationNote(who: "anna@ops", title: "a plan", emptied: emptied), buckets: buckets)
    }

    @Test func `a node gets back what the last drain took from it and nobody moved since, whatever its fair share`()
        throws
    {
        let drained = Self.noted(
            cluster([[1, 2, 3, 7], [4, 5, 6, 8], []]),
            [
                0: ClusterNotes(operations: [
                    Self.record("op-1", emptied: "node3", [1, 2]), Self.record("op-2", emptied: "node3", [7]),
                    Self.record("op-3", emptied: nil, [3]),
                ]),
                1: ClusterNotes(operations: [Self.record("op-2", emptied: "node3", [8])]),
            ])
        let plan = try planned(.restore("node3", mode: .graceful), drained)
        #expect(plan.ways == ["7:node1>node3", "8:node2>node3"])
        let none = cluster([[1, 2, 3, 7], [4, 5, 6, 8], []])
        #expect(try planned(.restore("node3", mode: .graceful), none).moves.count == 2)
    }

    @Test
    func `members that only kernels know may own buckets: claims need them vouched for, and joins keep them listed`()
        throws
    {
        let listed = ClusterNotes(members: ["node1", "node2", "node9"])
        let snapshot = Self.noted(cluster([[1, 2, 3], [4, 5, 6]]), [0: listed, 1: listed])
        #expect(snapshot.unknownMembers == ["node9"])
        #expect(try planned(.repair, snapshot).risks == [.silentNodes(["node9"])])
        #expect(throws: PlanError.orphanUnconfirmed(7, silent: ["node9"])) {
            try planned(.move([7], to: "node1", mode: .graceful), snapshot)
        }
        let join = Self.noted(
            cluster([[1, 2, 3, 7], [4, 5, 6, 8], []], heard: [true, true, false]), [0: listed, 1: listed])
        let plan = try planned(.join("node3", interface: nil), join)
        #expect(plan.roster?.names == ["node1", "node2", "node3", "node9"])
        #expect(plan.steps.filter { $0.role == .enroll }.map(\.node) == ["node1", "node2"])
    }

    @Test func `a member that a node listed before it lost its table, or went out of reach, may own buckets still`() {
        let listed = ClusterNotes(members: ["node1", "node2", "node9"])
        var flushed = Self.noted(cluster([[], [1, 2]], heard: [false, true]), [:])
        flushed.nodes[0].lost = cluster([[3]]).nodes[0].sample
        #expect(flushed.unknownMembers.isEmpty)
        flushed.nodes[0].lost?.notes = listed
        #expect(flushed.unknownMembers == ["node9"])
        let away = Self.noted(cluster([[1], [2]], states: [.unreachable, .live]), [0: listed])
        #expect(away.unknownMembers == ["node9"])
    }

    @Test func `lists that are right already are not written again`() throws {
        let listed = ClusterNotes(members: ["node1", "node2"])
        let right = Self.noted(cluster([[1, 2, 3, 4], [5, 6, 7, 8]]), [0: listed, 1: listed])
        #expect(try planned(.reinstall("node1", interface: nil), right).roster == nil)
        let leaving = Self.noted(cluster([[1, 2, 3, 4, 5, 6, 7, 8], []]), [0: listed, 1: listed])
        let plan = try planned(.leave("node2"), leaving)
        #expect(plan.roster?.names == ["node1"] && plan.roster?.gone == ["node2"] && plan.roster?.readers == ["node1"])
    }
}

@Suite("Buckets that are divided and united")
struct ResizeTests {
    private static func scheme(_ total: UInt32) -> HashScheme {
        .clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: total, seed: 7))
    }

    @Test(arguments: [(1, 3), (4, 12), (16, 32), (16, 65_536), (12, 4), (65_536, 16)])
    func `every flow is in a child of its bucket, or in what its bucket goes into`(old: Int, new: Int) throws {
        let resize = try #require(Resize(from: Self.scheme(UInt32(old)), to: Self.scheme(UInt32(new))))
        for number in UInt32(0)..<5_000 {
            let flow = Flow(
                transport: .udp, source: IPv4Address(number: number &* 2_654_435_761), sourcePort: UInt16(number),
                destination: IPv4Address(number: 1), destinationPort: 53)
            let (before, after) = try (
                Self.scheme(UInt32(old)).bucket(of: flow), Self.scheme(UInt32(new)).bucket(of: flow)
            )
            #expect(resize.buckets(of: before).contains(after))
        }
    }

    @Test func `schemes that have nothing to do with each other have no resize`() {
        #expect(Resize(from: Self.scheme(16), to: Self.scheme(24)) == nil)
        #expect(Self.scheme(16).resized(to: 0) == nil && Self.scheme(16).resized(to: -16) == nil)
        let other = HashScheme.clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: 32, seed: 8))
        #expect(Resize(from: Self.scheme(16), to: other) == nil)
        let hash = try? NftHash(fields: [.ipSource], modulus: 2, seed: 7, offset: 1)
        #expect(hash.map(HashScheme.nft)?.resized(to: 4) == nil && hash != nil)
    }

    @Test func `buckets of cluster-match are divided as those of CLUSTERIP`() throws {
        let (old, new) = (ClusterMatch(bucketCount: 4, seed: 7), ClusterMatch(bucketCount: 12, seed: 7))
        #expect(HashScheme.clusterMatch(old).resized(to: 12) == .clusterMatch(new))
        let resize = try #require(Resize(from: .clusterMatch(old), to: .clusterMatch(new)))
        for number in UInt32(0)..<2_000 {
            let source = IPAddress.v4(IPv4Address(number: number &* 2_654_435_761))
            #expect(resize.buckets(of: old.bucket(of: source)).contains(new.bucket(of: source)))
        }
    }

    @Test func `ownership goes there and back, and buckets in different states are not united`() throws {
        let (finer, coarser) = try (
            #require(Resize(from: Self.scheme(4), to: Self.scheme(12))),
            #require(Resize(from: Self.scheme(12), to: Self.scheme(4)))
        )
        let ownership = Ownership(owned: [1, 2], draining: [4], adopted: [2])
        let fine = try #require(finer(ownership))
        #expect(fine == Ownership(owned: [1, 2, 3, 4, 5, 6], draining: [10, 11, 12], adopted: [4, 5, 6]))
        #expect(coarser(fine) == ownership)
        #expect(coarser(Ownership(owned: [1, 2, 3, 4, 5, 6], draining: [10, 11])) == nil)
        #expect(Ownership(owned: [1, 2, 3, 5]).firstDivided(by: 3) == 2)
    }
}
