import LegacyNode
import Responsibility
import Testing

@Suite("The transcript of a real 6.1 kernel, line by line")
struct TranscriptTests {
    /// The three commands that ask the node nothing, with why.
    private let foreign = [
        "[client] ip neigh flush all": "empties the client's own cache; no packet leaves it",
        "[client] arping -c1 10.8.0.2 2>&1 | head -3": "failed on the client: it has no eth0, and nothing was asked",
        "[client] arping -c1 10.8.0.1 2>&1| head -3": "failed on the client: it has no eth0, and nothing was asked",
    ]

    @Test func statement20To27EveryCommandOfTheTranscriptHasTheSameOutcome() throws {
        let entries = transcriptEntries(try Conformance.text("legacy-kernel-transcript.txt"))
        #expect(entries.count == 70)
        var replay = TranscriptReplay()
        var (logged, left) = (0, 0)
        for entry in entries {
            guard let outcome = replay.run(entry.command) else {
                #expect(foreign[entry.command] != nil, "not replayed: \(entry.command)")
                #expect(entry.output.allSatisfy { $0.contains("No such device") }, "it says nothing of the node")
                left += 1
                continue
            }
            #expect(outcome.exitCode == entry.exitCode, "\(entry.command)")
            compare(outcome, entry)
            if let now = entry.now { #expect(try replay.node.read(Samples.cluster) == now + "\n", "\(entry.command)") }
            for line in entry.kernelLog { #expect(replay.node.log.contains(line), "\(entry.command)") }
            if !entry.kernelLog.isEmpty { logged = replay.node.log.count }
        }
        #expect(left == foreign.count)
        #expect(logged == replay.node.log.count, "the model logs nothing that the kernel did not")
    }

    private func compare(_ outcome: TranscriptReplay.Outcome, _ entry: TranscriptEntry) {
        let words = entry.command.split(separator: " ")
        switch words[0] {
        case "iptables" where entry.exitCode == 2:
            #expect(outcome.output.first == entry.output.first, "\(entry.command)")
        case "iptables-save":
            #expect(outcome.output == entry.output.filter { $0.hasPrefix("-A") }, "\(entry.command)")
        case "ip" where words[1] == "maddr":
            let cluster = entry.output.compactMap {
                $0.split(whereSeparator: { " \t".contains($0) }).last.map(String.init)
            }
            .filter { !$0.hasPrefix("33:33") && $0 != "01:00:5e:00:00:01" }
            #expect(outcome.output == cluster, "\(entry.command)")
        case "ls" where words[1] == "-l":
            let file = entry.output.last?.split(separator: " ").map(String.init) ?? []
            #expect(file.first == "-rw-------" && Array(file.suffix(1)) == outcome.output)
        case "[client]" where words[1] == "ping":
            #expect(entry.output.first?.contains(" 0% packet loss") == true)
        case "printf", "two":
            #expect(entry.output.isEmpty)
        default:
            #expect(outcome.output == entry.output, "\(entry.command)")
        }
    }
}
