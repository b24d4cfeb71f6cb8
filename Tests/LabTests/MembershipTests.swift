import Glibc
import Testing

@testable import Lab

/// Nodes become members, are rebuilt and leave while others own buckets: never two owners, and no owner is lost.
@Suite(.serialized)
struct MembershipTests {
    @Test func `a reinstallation whose prompt stays open beside a move makes no second owner`() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        let outcome = try place.run([
            "bash", "-c",
            """
            { for i in $(seq 300); do grep -q 'Type yes' "$1/out" 2>/dev/null && break; sleep 0.02; done
              "$0" move 1-3 --to node2 --yes >/dev/null; echo yes; } |
                script -qec "$0 reinstall node1" /dev/null > "$1/out"; cat "$1/out"; "$0" findings; echo "status $?"
            """, TestLab.executable, place.runtime,
        ])
        #expect(outcome.output.contains("node1 gets a new table on eth0 and keeps what it owns"), "\(outcome)")
        #expect(outcome.output.contains("nothing found") && outcome.output.contains("status 0"), "\(outcome)")
        let found = try place.exec("node1", "nft list set ip clusterip_10_8_0_1 owned")
        #expect(found.output.contains("4 comment") && !found.output.contains(" 3 comment"), "\(found)")
    }

    @Test func `after a flush the node gets back what nobody owns, and nothing else`() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        #expect(try place.clusterip("move", "1", "--to", "node2", "--yes").status == 0)
        _ = try place.exec("node1", "nft flush ruleset")
        let outcome = try place.clusterip("reinstall", "node1", "--yes")
        #expect(outcome.status == 0 && outcome.output.contains("node1 now answers 2-5"), "\(outcome)")
        #expect(try place.clusterip("status").output.contains("every bucket has exactly one owner"), "\(outcome)")
    }

    @Test func `an owner does not leave, a drained node does and joins again owning nothing`() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        let refused = try place.clusterip("uninstall", "--node", "node3", "--really", "lab")
        #expect(refused.status == 1 && refused.errors.contains("clusterip drain node3"), "\(refused)")
        #expect(try place.clusterip("drain", "node3", "--yes").status == 0)
        let left = try place.clusterip("uninstall", "--node", "node3", "--really", "lab")
        #expect(left.status == 0 && left.output.contains("node3 is no member any more"), "\(left)")
        let line = [
            "install", "--address", "10.8.0.1/16", "--interface", "eth0", "--mac", "01:00:5e:08:00:01", "--total-nodes",
            "16", "--yes",
        ]
        let other = try place.run([TestLab.executable] + line + ["--hash-init", "7"])
        #expect(other.status == 1, "\(other)")
        #expect(other.errors.contains("node1 is a member with --hash-init 42, not 7"), "\(other)")
        let greedy = try place.run([TestLab.executable] + line + ["--hash-init", "42", "--own", "node3=1-5"])
        #expect(greedy.status == 1 && greedy.errors.contains("owns buckets 1-5"), "\(greedy)")
        let joined = try place.run([TestLab.executable] + line + ["--hash-init", "42"])
        #expect(
            joined.status == 0 && joined.output.contains("node3 becomes a member on eth0 and owns nothing at first"),
            "\(joined)")
        let status = try place.clusterip("status").output
        #expect(status.contains("every bucket has exactly one owner"), "\(status)")
    }

    @Test func `a node that was drained, left and joined again gets back what it had, and every console knows why`()
        throws
    {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        #expect(try place.clusterip("move", "1-2", "--to", "node3", "--yes").status == 0)
        #expect(try place.clusterip("drain", "node3", "--yes", "--reason", "a new disk").status == 0)
        #expect(try place.clusterip("leave", "node3", "--yes").status == 0)
        let left = try place.clusterip("findings")
        #expect(left.output.contains("not_a_member") && !left.output.contains("members_differ"), "\(left)")
        let refused = try place.clusterip("restore", "node3", "--yes")
        #expect(refused.status == 1 && refused.errors.contains("`clusterip join node3` makes it one"), "\(refused)")
        #expect(try place.clusterip("join", "node3", "--yes").status == 0)
        let restored = try place.clusterip("restore", "node3", "--yes")
        #expect(restored.output.contains("node3 now answers 1-2,11-16"), "\(restored)")
        let notes = try place.clusterip("status", "--format", "json").output
        #expect(notes.contains("\"title\" : \"restore node3\"") && notes.contains("\"members\" : ["), "\(notes)")
    }

    @Test func `a cluster is divided and united again, by the journal, and a divided bucket on two nodes stays`() throws
    {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        let resized = try place.clusterip("resize", "--total-nodes", "48", "--yes")
        #expect(resized.status == 0 && resized.output.contains("node3 now answers 31-48"), "\(resized)")
        let journal = try place.clusterip("journal", "list", "--format", "ndjson").output
        let id = try #require(journal.firstMatch(of: /"id":"(op-[a-z0-9-]+)"/)?.1)
        #expect(try place.clusterip("move", "4", "--to", "node2", "--yes").status == 0)
        let divided = try place.clusterip("journal", "undo", String(id), "--yes")
        #expect(divided.status == 1 && divided.errors.contains("4 to 6 would become one"), "\(divided)")
        #expect(try place.clusterip("move", "4", "--to", "node1", "--yes").status == 0)
        #expect(try place.clusterip("settle", "--yes", "--wait", "5s").status == 0)
        let undone = try place.clusterip("journal", "undo", String(id), "--yes")
        #expect(undone.status == 0 && undone.output.contains("node3 now answers 11-16"), "\(undone)")
        #expect(try place.clusterip("findings").status == 0)
    }

    @Test func `a cluster file that lacks a member is a finding, and claims nothing of that member's`() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        let outcome = try place.run([
            "bash", "-c",
            """
            file=$(find "$1" -name cluster.yaml); sed '/node3/,$d' "$file" > "$1/short.yaml"
            "$0" findings --cluster "$1/short.yaml"; "$0" repair --yes --cluster "$1/short.yaml"; echo "repair: $?"
            """, TestLab.executable, place.runtime,
        ])
        #expect(outcome.output.contains("members_unknown") && outcome.output.contains("repair: 1"), "\(outcome)")
        #expect(outcome.errors.contains("node3 cannot be asked and may answer some of these buckets"), "\(outcome)")
        #expect(try place.clusterip("status").output.contains("every bucket has exactly one owner"))
    }
}
