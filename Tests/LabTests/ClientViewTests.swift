import FoundationEssentials
import Glibc
import Testing

@testable import Lab

/// What clients with open TCP connections see while buckets move, on real kernels.
@Suite(.serialized)
struct ClientViewTests {
    /// Opens connections, waits for a file, then writes on each and says what came of it: "node1 alive".
    private static let client = """
        dir=$1; names=(); fds=()
        for i in $(seq 24); do
            exec {fd}<>/dev/tcp/10.8.0.1/7777 || exit 1
            read -t 5 -u $fd name; names+=($name); fds+=($fd)
        done
        touch $dir/ready
        for i in $(seq 600); do [ -e $dir/go ] && break; sleep 0.05; done
        for i in ${!fds[@]}; do
            echo x >&${fds[i]} 2>/dev/null
            if read -t 3 -u ${fds[i]} line 2>/dev/null; then echo ${names[i]} alive
            elif [ $? -gt 128 ]; then echo ${names[i]} silent; else echo ${names[i]} reset; fi
        done
        touch $dir/over
        for i in $(seq 600); do [ -e $dir/end ] && break; sleep 0.05; done
        """

    private static let driver = """
        dir=$1 mark=$2 program=$3; shift 3
        until_ready() { for i in $(seq 400); do eval "$1" && return; sleep 0.05; done; }
        "$program" lab exec client -- bash -c "$CLIENT" client $dir > $dir/out 2>$dir/errors &
        until_ready '[ -e $dir/ready ]'
        if [ -n "$KILLED" ]; then kill -9 $KILLED; sleep 0.3; fi
        "$program" "$@" > $dir/plan 2>&1 &
        plan=$!
        until_ready 'grep -q "$mark" $dir/plan'
        touch $dir/go
        until_ready '[ -e $dir/over ]'
        wait $plan; echo "exit $?"; cat $dir/plan
        """

    /// What clients saw, by node and word, and what the command said.
    private struct View {
        var seen: [String: Int] = [:]
        var text: String

        init(_ seen: String, _ text: String) {
            self.text = text
            for line in seen.split(separator: "\n") { self.seen[String(line), default: 0] += 1 }
        }

        func words(_ node: String) -> Set<String> {
            Set(seen.keys.filter { $0.hasPrefix(node + " ") }.map { String($0.dropFirst(node.count + 1)) })
        }
    }

    private func view(
        _ place: TestLab, mark: String, killed: pid_t? = nil, _ command: [String], ending: Bool = true
    ) throws -> View {
        let directory = place.runtime + "/view"
        _ = try place.run(["rm", "-rf", directory])
        mkdir(directory, 0o700)
        let outcome = try place.run(
            [
                "env", "CLIENT=\(Self.client)", "KILLED=\(killed.map { "\($0)" } ?? "")", "bash", "-c", Self.driver,
                "bash",
            ]
                + [directory, mark, TestLab.executable] + command)
        if ending { end(place) }
        let seen = try place.run(["cat", directory + "/out"]).output
        return View(seen, outcome.output)
    }

    /// Lets the client close its connections.
    private func end(_ place: TestLab) { close(creat(place.runtime + "/view/end", 0o600)) }

    @Test func aGracefulMoveKeepsEveryConnection() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        let view = try view(place, mark: "now answers", ["drain", "node1", "--yes"])
        #expect(view.words("node1") == ["alive"] && view.words("node2") == ["alive"], "\(view)")
        #expect(view.text.hasPrefix("exit 0\n"))
    }

    @Test func anImmediateMoveResetsAtOnceAndSettles() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        let view = try view(
            place, mark: "to go",
            ["drain", "node1", "--mode", "immediate", "--settle", "5s", "--yes", "--force", "connections-reset"])
        #expect(view.words("node1") == ["reset"] && view.words("node2") == ["alive"], "\(view)")
        #expect(view.text.hasPrefix("exit 0\n") && view.text.contains("ends resetting"))
        #expect(try !place.clusterip("status", "--format", "csv").output.contains("adopted"))
        #expect(try place.exec("node1", "conntrack -L -d 10.8.0.1 -p tcp 2>/dev/null | wc -l").output == "0\n")
    }

    @Test func aTakeOverResetsAtOnceAndSettles() throws {
        let place = try TestLab()
        let lab = try place.up("--no-traffic")
        let view = try view(
            place, mark: "to go", killed: lab.nodes[0].pid,
            ["takeover", "node1", "--settle", "5s", "--yes", "--force", "not-fenced"])
        #expect(view.words("node1") == ["reset"] && view.words("node3") == ["alive"], "\(view)")
        #expect(view.text.hasPrefix("exit 0\n") && view.text.contains("ends resetting"))
        #expect(try !place.clusterip("status", "--format", "csv").output.contains("adopted"))
    }

    @Test func aTakeOverWhoseConsoleDiedIsSettledByResuming() throws {
        let place = try TestLab()
        let lab = try place.up("--no-traffic")
        kill(lab.nodes[0].pid, SIGKILL)
        let died = try place.run(
            ["timeout", "-s", "KILL", "8", TestLab.executable, "takeover", "node1", "--settle", "1h", "--yes"]
                + ["--force", "not-fenced"])
        #expect(died.output.contains("to go"), "\(died)")
        let list = try place.clusterip("journal", "list", "--format", "csv").output
        #expect(list.contains(",cut off,"), "\(list)")
        #expect(try place.clusterip("status", "--format", "csv").output.contains("adopted"))
        let status = try place.clusterip("status")
        #expect(status.errors.contains("was cut off: `clusterip journal resume` completes it"), "\(status)")
        let resumed = try place.clusterip("journal", "resume", "--settle", "0", "--yes")
        #expect(resumed.status == 0, "\(resumed)")
        #expect(try !place.clusterip("status", "--format", "csv").output.contains("adopted"))
        #expect(try place.clusterip("journal", "list").output.contains("resumed"))
    }

    @Test func atTheDeadlineConnectionsAreKeptOrReset() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        let kept = try view(
            place, mark: "left; it\\|is left", ["drain", "node1", "--wait", "2s", "--yes"], ending: false)
        #expect(kept.words("node1") == ["alive"] && kept.text.hasPrefix("exit 2\n"), "\(kept)")
        #expect(kept.text.contains("left; `clusterip settle --wait 10m` waits for it"), "\(kept.text)")
        end(place)
        let settled = try place.clusterip("settle", "node1", "--wait", "20s", "--yes")
        #expect(settled.status == 0, "\(settled)")
        #expect(try !place.clusterip("status", "--format", "csv").output.contains("draining"))

        _ = try place.clusterip("restore", "node1", "--yes")
        let reset = try view(
            place, mark: "unknown connections are reset, ",
            ["drain", "node1", "--wait", "2s", "--then", "reset", "--settle", "5s", "--yes", "--force"]
                + ["connections-reset"])
        #expect(reset.words("node1") == ["reset"] && reset.words("node2") == ["alive"], "\(reset)")
        #expect(reset.text.hasPrefix("exit 0\n"), "\(reset.text)")
    }

    @Test func scriptsReadProgressAsLinesOfJSON() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        let view = try view(
            place, mark: "\"event\":\"draining\"",
            ["drain", "node1", "--wait", "2s", "--yes", "--format", "ndjson"])
        let events = view.text.split(separator: "\n").compactMap { $0.firstMatch(of: /"event":"(\w+)"/)?.1 }
        #expect(events.first == "plan" && events.last == "result", "\(view.text)")
        #expect(events.contains("step") && events.contains("draining"))
    }
}
