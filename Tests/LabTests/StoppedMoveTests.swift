import FoundationEssentials
import Glibc
import Testing

@testable import Lab

/// Ctrl-C at a terminal while a plan is carried out.
@Suite(.serialized)
struct StoppedMoveTests {
    /// Presses Ctrl-C in a pseudo-terminal when half of a plan is done, answers the question with $1, and shows what came.
    private static let script = """
        cd "$1"; rm -f in out gate; mkfifo in
        export GATE="$1/gate" AGENT="${0}-agent" CLUSTERIP_AGENT="$1/agent" TERM=xterm
        touch gate
        "$0" move 1-8 --to node1 --yes >/dev/null 2>&1; "$0" move 9-16 --to node2 --yes >/dev/null 2>&1
        "$0" settle >/dev/null 2>&1; rm gate
        script -qec "$0 rebalance --yes" /dev/null < in > out 2>&1 & plan=$!; exec 9> in
        saw() { for i in $(seq 200); do grep -q "$1" out && return; sleep 0.05; done; }
        saw 'done: node3 claims'; printf '\\x03' >&9
        saw 'stopping between'; touch gate
        saw 'leave it?'; printf "$2" >&9
        wait $plan; echo "exit $?"; exec 9>&-; cat out
        """

    @Test(arguments: [
        ("finish\\r", 0, "resumed", "done: node4 claims"), ("undo\\r", 3, "undone", "done: node2 claims 9-12"),
        ("leave\\r", 2, "partly", "left as it is: `clusterip journal resume"),
        ("\\x03", 2, "partly", "leave it? ^C\r\nclusterip: left as it is"),
    ])
    func aPlanStoppedByControlCIsFinishedTakenBackOrLeft(
        answer: String, status: Int, outcome: String, words: String
    ) throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic", "--nodes", "4")
        try place.writeSlowAgent(of: 4, from: 1)
        let result = try place.run(["bash", "-c", Self.script, TestLab.executable, place.runtime, answer])
        #expect(result.output.hasPrefix("exit \(status)\n"), "\(result)")
        #expect(result.output.contains(words), "\(result)")
        #expect(result.output.contains("buckets 5-8: where they were before\r\nbuckets 9-12: where it wanted them"))
        let journal = try place.clusterip("journal", "list", "--limit", "2").output
        #expect(journal.contains(outcome), "\(journal)")
        #expect(try place.clusterip("status").output.contains("every bucket has exactly one owner"))
    }
}
