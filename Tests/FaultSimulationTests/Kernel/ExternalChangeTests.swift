import ClusterModel
import Execution
import Lab
import NodeLinks
import Planning
import Reactor
import Testing
import Wording

/// Somebody changes rulesets by hand with `nft` in the middle of a move: what the move does then, and what is said of it.
@Suite struct ExternalChangeTests {
    private static let table = "ip clusterip_10_8_0_1"

    @Test func `what others do in the middle of a move is neither undone nor hidden`() throws {
        let lab = try KernelFaultLab(buckets: 12)
        lab.client.ask(Array(1...12))
        try deletesElement(lab)
        try addsElement(lab)
        // Bucket 9 was given a second owner by hand, and was answered twice for as long as that stood.
        #expect(lab.client.duplicates.allSatisfy { $0.contains("bucket 9 ") })
        try flushesChain(lab)
        try deletesTable(lab)
        try flushesRuleset(lab)
    }

    /// The old owner loses the bucket before it is asked to release it.
    private func deletesElement(_ lab: KernelFaultLab) throws {
        let (outcome, pid) = try move(
            lab, 1, "node2", "release on node1", ("node1", "nft delete element \(Self.table) owned { 1 }"))
        #expect(!outcome.isConfirmed && outcome.after["node2"]?.accepting.contains(1) == false)
        let reasons = outcome.steps.compactMap(\.progress.failure?.sentence)
        #expect(reasons.contains { $0.contains("bucket 1 was expected owned and is not owned") }, "\(reasons)")
        try lab.wait(for: "an orphan, and who made it") {
            $0.coverage.orphans == [1] && Self.names(pid, $0.nodes[0])
        }
    }

    /// A third node gets the bucket between release and claim: a conflict that is named, and nobody's change is lost.
    private func addsElement(_ lab: KernelFaultLab) throws {
        let (outcome, _) = try move(
            lab, 9, "node2", "claim on node2", ("node1", "nft add element \(Self.table) owned { 9 }"))
        #expect(outcome.after["node2"]?.owned.contains(9) == true)
        // The old owner's own next step may come with it in one sample, so who made it is not always known.
        try lab.wait(for: "a conflict that names bucket 9 and both nodes") {
            $0.worstFindings().contains {
                $0.kind == .coverage(.conflict(owners: ["node1", "node2"])) && $0.buckets == [9]
            }
        }
        try lab.repair([9])
        let snapshot = try #require(lab.fleet.snapshot)
        #expect(snapshot.coverage.isWhole, "\(snapshot.coverage)")
    }

    /// The rules of the new owner are gone before it claims.
    private func flushesChain(_ lab: KernelFaultLab) throws {
        let (_, pid) = try move(
            lab, 2, "node2", "claim on node2", ("node2", "nft flush chain \(Self.table) prerouting"))
        try lab.wait(for: "altered rules on node2") {
            $0.worstFindings().contains { $0.code == "rules_altered" && $0.node == "node2" }
        }
        #expect(pid > 0)
        try lab.reinstall("node2")
    }

    /// Both tables of the new owner are deleted between release and claim: the old owner gets the bucket back.
    private func deletesTable(_ lab: KernelFaultLab) throws {
        let (outcome, pid) = try move(
            lab, 3, "node2", "claim on node2",
            ("node2", "nft 'delete table \(Self.table); delete table arp clusterip_10_8_0_1'"))
        #expect(!outcome.isConfirmed && outcome.after["node1"]?.owned.contains(3) == true)
        try seesFlushed(lab, 1, by: pid)
        try lab.reinstall("node2")
    }

    /// Everything on the old owner goes before it is asked to release: nothing is claimed.
    private func flushesRuleset(_ lab: KernelFaultLab) throws {
        let (outcome, pid) = try move(lab, 4, "node2", "release on node1", ("node1", "nft flush ruleset"))
        #expect(!outcome.isConfirmed && outcome.after["node2"]?.accepting.contains(4) == false)
        try seesFlushed(lab, 0, by: pid)
    }

    private func seesFlushed(_ lab: KernelFaultLab, _ node: Int, by pid: Int32) throws {
        try lab.wait(for: "a flushed table, and who flushed it") {
            $0.worstFindings().contains {
                $0.code == "table_flushed" && $0.node == "node\(node + 1)"
                    && $0.changes.contains { $0.process.name == "nft" && $0.process.pid == UInt32(pid) }
            }
        }
    }

    /// Whether a node's last change was made by that `nft`; whose it was is known only when it still ran.
    private static func names(_ pid: Int32, _ node: NodeStatus) -> Bool {
        // The agent's own tidying may have followed by now.
        let process = node.lastChange?.program.otherProcess ?? node.foreignChange
        return process?.name == "nft" && process?.pid == UInt32(pid)
    }

    /// Moves a bucket while somebody types a command on a node right before a call; that command's process.
    private func move(
        _ lab: KernelFaultLab, _ bucket: Int, _ target: String, _ call: String, _ hand: (node: String, command: String)
    ) throws -> (PlanOutcome, Int32) {
        let faulted = try lab.faulted(.move([bucket], to: target, mode: .graceful), .init(), .nothing, at: nil)
        var pid: Int32 = 0
        faulted.onCall = { words in
            guard pid == 0, words == call else { return }
            do { pid = try lab.shell(hand.node, hand.command) } catch { Issue.record(error) }
        }
        faulted.start()
        lab.turn { faulted.isOver }
        let outcome = try #require(faulted.outcome, "\(faulted.calls)")
        #expect(pid != 0, "\(faulted.calls)")
        faulted.end()
        return (outcome, pid)
    }
}
