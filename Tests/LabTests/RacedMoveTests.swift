import FoundationEssentials
import Glibc
import Testing

@testable import Lab

/// Somebody changes the cluster between two steps of a move, or between its plan and its first step.
@Suite(.serialized)
struct RacedMoveTests {
    /// Moves bucket 1 to node2, and runs a script in a node's namespace before the claim.
    private func race(_ place: TestLab, _ node: String, _ script: String) throws -> TestLab.Outcome {
        // The second step that node2 gets is its claim.
        try place.writeSlowAgent(of: 2, from: 2)
        return try place.run([
            "bash", "-c",
            """
            export GATE="$1/gate" AGENT="${0}-agent"; rm -f "$GATE"*
            CLUSTERIP_AGENT="$1/agent" "$0" move 1 --to node2 --yes & move=$!
            for i in $(seq 500); do [[ -e $GATE.reached ]] && break; sleep 0.01; done
            "$0" lab exec "$2" -- bash -c "$3"; touch "$GATE"; wait $move
            """, TestLab.executable, place.runtime, node, script,
        ])
    }

    @Test func `a table flushed meanwhile, whose buckets nobody answers then, is no success`() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        let raced = try race(place, "node3", "nft flush ruleset")
        #expect(raced.status == 2 && raced.output.contains("node2 now answers 1,6-10"), "\(raced)")
        #expect(raced.errors.contains("nobody answers buckets 11-16 any more: node3 did, until it was changed by nft"))
        #expect(raced.errors.hasSuffix("; `clusterip reinstall node3` ends it\n"), "\(raced)")
        let status = try place.clusterip("status").output
        let remedies = status.split(separator: "\n").filter { $0.hasPrefix("  remedy: ") }
        #expect(Set(remedies) == ["  remedy: clusterip reinstall node3"], "\(status)")
    }

    @Test func `what completing cannot help does not tell to complete it`() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        let table = "ip clusterip_10_8_0_1"
        let raced = try race(
            place, "node2", "nft add element \(table) owned { 1 }; nft delete element \(table) released { 1 }")
        #expect(raced.status == 2 && !raced.errors.contains("journal resume"), "\(raced)")
        #expect(raced.errors.contains("bucket 1 was changed meanwhile by nft (process "), "\(raced)")
    }

    @Test func `a plan that became stale while it was read says what holds now and who was faster`() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        let outcome = try place.run([
            "bash", "-c",
            """
            { for i in $(seq 300); do grep -q 'Type yes' "$1/out" 2>/dev/null && break; sleep 0.02; done
              "$0" move 1-2 --to node3 --yes >/dev/null; sleep 0.5; echo yes; } |
                script -qec "$0 move 1 --to node2" /dev/null > "$1/out"; cat "$1/out"
            """, TestLab.executable, place.runtime,
        ])
        #expect(
            outcome.output.contains(
                "nothing was changed: the plan is stale: bucket 1 was owned on node1 and is draining there now; node3 answers "
                    + "it; changed by op-"), "\(outcome)")
        #expect(outcome.output.contains("(move 1-2 to node3, by "), "\(outcome)")
        #expect(try place.clusterip("journal", "list").output.split(separator: "\n").count == 2)
    }
}
