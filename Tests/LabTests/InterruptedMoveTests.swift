import Glibc
import TestSupport
import Testing

@testable import Lab

/// Moves that are killed, stopped or cannot be written down, on real kernels.
@Suite(.serialized)
struct InterruptedMoveTests {
    /// A shell that may start `clusterip` as `"$0"`.
    private func shell(_ place: TestLab, _ script: String) throws -> TestLab.Outcome {
        try place.run(["bash", "-c", script, TestLab.executable])
    }

    /// The nodes that answer each bucket.
    private func owners(_ place: TestLab) throws -> [Int: [String]] {
        let lines = try place.clusterip("status", "--format", "csv").output.split(separator: "\n")
        let columns = lines.first?.split(separator: ",").map(String.init) ?? []
        let places = ["node", "bucket", "state"].compactMap { columns.firstIndex(of: $0) }
        try #require(places.count == 3, "\(columns)")
        return lines.dropFirst().reduce(into: [:]) { owners, line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard let bucket = Int(fields[places[1]]) else { return }
            if ["owned", "adopted"].contains(fields[places[2]]) {
                owners[bucket, default: []].append(fields[places[0]])
            }
        }
    }

    @Test func aConsoleKilledAtAnyMomentLeavesWhatTheJournalCompletesOrTakesBack() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        var random = SplitMix(seed: 3)
        for round in 0..<20 {
            let target = "node\(round % 3 + 1)"
            let mode = round % 2 == 0 ? "" : "--mode immediate --settle 0 --force connections-reset"
            // The step lines come when the work begins; the kill comes a few milliseconds before or after.
            let pause = Double(UInt64.random(in: 0...400, using: &random)) / 1000
            _ = try shell(
                place,
                "\"$0\" move 1-16 --to \(target) --yes \(mode) >/dev/null 2>&1 & sleep \(pause); kill -9 $!; wait")
            let id = try place.clusterip("journal", "list", "--format", "csv", "--limit", "1").output
                .split(separator: "\n").dropFirst().first?.split(separator: ",").first.map(String.init)
            guard let id else { continue }
            try journalAgrees(place, id)
            let settle = try place.clusterip(
                "journal", round % 4 < 2 ? "resume" : "undo", id, "--yes", "--settle", "0", "--force",
                "connections-reset")
            #expect(settle.status == 0 || settle.errors.contains("nothing to"), "\(settle)")
            let owners = try owners(place)
            #expect(
                owners.count == 16 && owners.values.allSatisfy { $0.count == 1 }, "round \(round): \(owners) \(settle)")
        }
    }

    /// Makes the operation of an id one that was cut off after its last step.
    private func cutOff(_ place: TestLab, _ id: String) throws {
        let cut = "UPDATE operation SET outcome = NULL, ended = NULL WHERE id = '\(id)'"
        _ = try shell(place, "sqlite3 \(place.runtime)/clusterip/*/journal.sqlite \"\(cut)\"")
    }

    private func lastOperation(_ place: TestLab) throws -> String {
        let list = try place.clusterip("journal", "list", "--format", "csv", "--limit", "1").output
        return try #require(list.split(separator: "\n").last?.split(separator: ",").first.map(String.init))
    }

    @Test func whatOthersHaveOvertakenIsClosedAndWhatOnlyDrainsIsComplete() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        #expect(try place.clusterip("move", "1-2", "--to", "node3", "--yes").status == 0)
        let first = try lastOperation(place)
        #expect(try place.clusterip("move", "2", "--to", "node2", "--yes").status == 0)
        let second = try lastOperation(place)
        try cutOff(place, first)
        let overtaken = try place.clusterip("journal", "resume", "--yes")
        #expect(overtaken.status == 0, "\(overtaken)")
        #expect(overtaken.output.contains("buckets 2: changed since by \(second)"), "\(overtaken)")
        #expect(overtaken.output.hasSuffix("nothing of it is left to complete\n"), "\(overtaken)")
        try cutOff(place, second)
        let complete = try place.clusterip("journal", "resume", "--yes")
        #expect(complete.status == 0, "\(complete)")
        let left = "nothing has to be done\nwhat it left draining or adopted goes on until `clusterip settle`\n"
        #expect(complete.output.hasSuffix(left), "\(complete)")
        let words = try place.clusterip("journal", "list", "--format", "csv").output.split(separator: "\n").dropFirst()
            .map { $0.split(separator: ",")[4] }
        #expect(words == ["resumed", "partly"])
        #expect(try place.clusterip("move", "3", "--to", "node2", "--yes").errors == "")
    }

    /// What the journal calls done is in the kernels.
    private func journalAgrees(_ place: TestLab, _ id: String) throws {
        let story = try place.clusterip("journal", "show", id).output
        guard !story.contains("outcome  undone"), let line = story.firstMatch(of: /done [0-9:.]+: (node\d) claims/)
        else {
            return
        }
        let owners = try owners(place)
        #expect(owners.values.contains { $0 == [String(line.1)] }, "\(story)\n\(owners)")
    }

    @Test func aSignalEndsAWaitAndTheBucketsDrainOn() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        for signal in ["INT", "TERM"] {
            let outcome = try shell(
                place,
                """
                "$0" lab exec client -- bash -c 'for i in $(seq 20); do exec {f}<>/dev/tcp/10.8.0.1/7777; done; sleep 20' &
                client=$!; sleep 1; rm -f \(place.runtime)/out
                "$0" drain node1 --wait 1h --yes > \(place.runtime)/out 2>&1 & plan=$!
                for i in $(seq 200); do grep -q 'to go' \(place.runtime)/out && break; sleep 0.05; done
                kill -\(signal) $plan; wait $plan; echo "exit $?"; cat \(place.runtime)/out; kill $client; wait
                """)
            #expect(outcome.output.hasPrefix("exit 2\n"), "\(outcome)")
            #expect(outcome.output.contains("stopped before its time; `clusterip settle --wait 10m`"), "\(outcome)")
            #expect(try place.clusterip("journal", "list", "--limit", "1").output.contains("partly"))
            _ = try place.clusterip("restore", "node1", "--yes")
        }
    }

    /// Preparations of a state directory at $S that keep a journal from being kept, and what is said.
    private static let obstacles: [(prepare: String, sentence: String)] = [
        ("mount -t tmpfs -o size=40k tmpfs /mnt; S=/mnt", "disk is full"),
        ("mount -t tmpfs tmpfs /mnt; mount -o remount,ro /mnt; S=/mnt", "ead-only"),
        ("mkdir -p $S/clusterip; seq 9999 > $S/clusterip/journal.sqlite", "is damaged"),
        (
            "mkdir -p $S/clusterip; sqlite3 $S/clusterip/journal.sqlite 'PRAGMA application_id = 0x4349504a;"
                + " PRAGMA user_version = 99; CREATE TABLE x (y)'", "newer clusterip"
        ),
        (
            "mkdir -p $S/clusterip; sqlite3 $S/clusterip/journal.sqlite 'CREATE TABLE x (y)'",
            "is a database, but not a journal"
        ),
        ("echo > $S/file; S=$S/file/below", "Not a directory"),
        (
            "XDG_STATE_HOME=$S \"$0\" move 2 --to node2 --yes >/dev/null 2>&1; "
                + "sqlite3 $S/clusterip/journal.sqlite 'BEGIN IMMEDIATE' '.shell sleep 8' >/dev/null 2>&1 & sleep 0.3",
            "keeps the journal"
        ),
    ]

    @Test func aJournalThatCannotBeKeptStopsAMoveBeforeItsFirstStep() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        for (index, obstacle) in Self.obstacles.enumerated() {
            let before = try owners(place)
            let outcome = try place.run(
                ["unshare", "-m", "--propagation", "private", "bash", "-c"] + [
                    "S=\(place.runtime)/state\(index); mkdir -p $S; \(obstacle.prepare); "
                        + "XDG_STATE_HOME=$S exec \"$0\" move 1 --to node3 --yes", TestLab.executable,
                ])
            #expect(outcome.status == 1, "\(obstacle.sentence): \(outcome)")
            #expect(outcome.errors.contains("nothing was changed: "), "\(outcome)")
            #expect(outcome.errors.contains(obstacle.sentence), "\(outcome)")
            #expect(try owners(place)[1] == before[1], "\(obstacle.sentence)")
        }
        let fresh = try place.run(
            ["env", "XDG_STATE_HOME=\(place.runtime)/a/b/c", TestLab.executable, "move", "1", "--to", "node3", "--yes"])
        #expect(fresh.status == 0 && access(place.runtime + "/a/b/c/clusterip/journal.sqlite", F_OK) == 0, "\(fresh)")
    }

    @Test func twoConsolesThatMoveTheSameBucketNeverMakeTwoOwners() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        for round in 0..<6 {
            let outcome = try shell(
                place,
                """
                "$0" move 8 --to node1 --yes > \(place.runtime)/1 2>&1 & a=$!
                "$0" move 8 --to node3 --yes > \(place.runtime)/2 2>&1 & b=$!
                wait $a; x=$?; wait $b; echo "$x $?"; cat \(place.runtime)/1 \(place.runtime)/2
                """)
            let owners = try owners(place)
            #expect(owners.values.allSatisfy { $0.count == 1 } && owners.count == 16, "\(round): \(owners)\n\(outcome)")
            _ = try place.clusterip("move", "8", "--to", "node2", "--yes")
        }
    }
}
