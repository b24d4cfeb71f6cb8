import Responsibility
import Testing

@Suite("The transcript of a real 6.1 kernel, line by line")
struct TranscriptTests {
    /// The client's own tools, in which the node has no part.
    private let foreign = [
        "[client] ip neigh flush all", "[client] arping -c1 10.8.0.2 2>&1 | head -3",
        "[client] arping -c1 10.8.0.1 2>&1| head -3",
    ]

    @Test func statement20To27EveryCommandOfTheTranscriptHasTheSameOutcome() throws {
        let entries = transcriptEntries(try Conformance.text("legacy-kernel-transcript.txt"))
        #expect(entries.count == 70)
        var replay = TranscriptReplay()
        var logged = 0
        for entry in entries {
            guard let outcome = replay.run(entry.command) else {
                #expect(foreign.contains(entry.command), "not replayed: \(entry.command)")
                continue
            }
            #expect(outcome.exitCode == entry.exitCode, "\(entry.command)")
            compare(outcome, entry)
            if let now = entry.now { #expect(try replay.node.read(Samples.cluster) == now + "\n", "\(entry.command)") }
            for line in entry.kernelLog { #expect(replay.node.log.contains(line), "\(entry.command)") }
            if !entry.kernelLog.isEmpty { logged = replay.node.log.count }
        }
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
