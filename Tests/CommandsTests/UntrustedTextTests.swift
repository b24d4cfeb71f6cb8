import ClusterModel
import FoundationEssentials
import Journal
import Planning
import Responsibility
import TestSupport
import Testing

@testable import ClusterIPCommands

@Suite("Text that others wrote")
struct UntrustedTextTests {
    /// Escape, string terminator, CSI in C1, right-to-left override, an invisible operator.
    private static let hostile = "\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{2062}"

    private static func isSafe(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0 == "\n" || !$0.isUnsafe }
    }

    @Test(
        "a journal's steps reach no terminal as they are",
        arguments: ["export -", "show op-1", "show op-1 --format json"])
    func journal(_ command: String) throws {
        try TemporaryDirectory.with("state") { state in
            let plan = Plan(
                .requested(.move([1], to: "node2", mode: .graceful)),
                .moves([Move(bucket: 1, from: "node1", to: "node2")], .graceful), address: IPAddress(10, 8, 0, 1),
                operation: "op-1", before: ["node1": Ownership(owned: [1]), "node2": Ownership()])
            let request = StepRequest(
                operation: Self.hostile, address: plan.address,
                changes: [.init(bucket: 1, from: .owned, to: nil, by: Self.hostile)])
            let step = PlanStep(.release(Self.hostile), .change(request))
            let unknown = JournalStep.Content.unknown(
                purpose: Self.hostile, part: Self.hostile, request: Self.hostile)
            try Journal(path: state + "/clusterip/journal.sqlite").begin(
                plan,
                steps: [
                    JournalStep(position: 0, step),
                    JournalStep(position: 1, node: Self.hostile, content: unknown),
                ], cluster: "web")
            let words = command.split(separator: " ").map(String.init)
            let outcome = try Program.run(
                ["env", "XDG_STATE_HOME=\(state)", Program.directory + "/clusterip", "journal"] + words)
            #expect(outcome.status == "exit status 0")
            #expect(!outcome.output.isEmpty && Self.isSafe(outcome.output), "\(outcome.output.debugDescription)")
        }
    }

    @Test(
        "an environment variable or an argument that is repeated in an error",
        arguments: [
            "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "HOME", "CLUSTERIP_CLUSTER", "CLUSTERIP_AGENT",
            "PATH",
            "TERM", "",
        ])
    func environment(_ name: String) throws {
        try TemporaryDirectory.with("env") { home in
            let value = "/" + Self.hostile
            let variables = ["HOME=\(home)", "XDG_STATE_HOME=\(home)", "XDG_RUNTIME_DIR=\(home)"]
            for command in [
                ["status"], ["status", "--cluster", value], ["status", "--cluster", Self.hostile], ["journal", "list"],
                ["status", "--format", Self.hostile], ["who", "tcp", Self.hostile, "10.8.0.1:1"], ["lab", "status"],
                ["findings"], ["console", "--theme", Self.hostile], ["demo", "--simulated", "--theme", value],
                ["journal", "export", value], ["who", "--batch", value], [Self.hostile], ["calibrate", value],
            ] {
                let outcome = try Program.run(
                    ["env"] + variables + (name.isEmpty ? [] : ["\(name)=\(value)"])
                        + [Program.directory + "/clusterip"] + command)
                let said = outcome.output + outcome.errors
                #expect(Self.isSafe(said), "\(name) \(command): \(said.debugDescription)")
            }
        }
    }

    @Test("JSON keeps what it escapes")
    func json() throws {
        let text = Self.hostile + "\u{e0001}ü𝒳\"\\"
        for written in [JSONText.quoted(text), try JSONText.text(text, pretty: false)] {
            #expect(Self.isSafe(written), "\(written.debugDescription)")
            #expect(try JSONDecoder().decode(String.self, from: Data(written.utf8)) == text)
        }
    }

    @Test(
        "a spreadsheet is given no formula, and csv keeps each cell",
        arguments: [
            ("=1+2", "'=1+2"), ("+1+2", "'+1+2"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
            ("=\"x\",1", "\"'=\"\"x\"\",1\""), ("-5", "-5"), ("+0.5", "+0.5"), ("1=1", "1=1"), ("", ""), ("＝1", "'＝1"),
        ])
    func formulas(_ field: String, _ cell: String) {
        #expect(CSV.line([field], .spreadsheet) == cell + "\n")
        #expect(CSV.fields(CSV.line([field]).dropLast()) == [field])
    }
}
