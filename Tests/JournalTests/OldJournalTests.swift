import ClusterModel
import Foundation
import Journal
import Planning
import Testing
import Wording

/// Journals that earlier versions wrote, kept as they left them; beside each what that version exported of it.
@Suite("Journals of earlier versions open")
struct OldJournalTests {
    /// What is compared of an exported operation.
    private struct Exported: Decodable {
        struct Operation: Decodable {
            var id: String
            var title: String
            var outcome: String
            var reason: String?
            var settles: String?
        }
        struct Step: Decodable {
            var node: String
            var part: String
            var purpose: String
            var state: String
            var reason: String?

            /// What the words of that version mean.
            var role: StepRole? {
                switch part {
                case "planned": StepRole(rawValue: purpose)
                case "guarding": .guard
                case "dropping": .drop
                case "endingDrain": .endDrain
                case "adopting": .adopt
                case "settling": .finalize
                default: nil
                }
            }
        }
        var operation: Operation
        var steps: [Step]
    }

    private static func exported(_ name: String) throws -> [Exported] {
        let path = try #require(Bundle.module.path(forResource: name, ofType: "ndjson", inDirectory: "Data"))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Exported.self, from: Data($0.utf8)) }
    }

    /// A copy of a kept journal, which may be changed.
    private static func open(_ name: String, in directory: TestDirectory) throws -> Journal {
        let path = try #require(Bundle.module.path(forResource: name, ofType: "sqlite", inDirectory: "Data"))
        try shell("cp '\(path)' '\(directory.path)/journal.sqlite'; chmod 600 '\(directory.path)/journal.sqlite'")
        return Journal(path: directory.path + "/journal.sqlite")
    }

    @Test("every operation with its plan and its steps, as the version that wrote it told it", arguments: ["journal-1"])
    func isWhole(_ name: String) throws {
        try TestDirectory.run { directory in
            let history = try Self.open(name, in: directory).history()
            let exported = try Self.exported(name)
            try #require(exported.count == history.count && history.count == 13)
            for (found, old) in zip(history.reversed(), exported) {
                #expect(found.id == old.operation.id && found.title == old.operation.title)
                #expect(found.outcome.word == old.operation.outcome && found.reason == old.operation.reason)
                #expect(found.resolves == old.operation.settles)
                #expect(found.plan?.operation == found.id && found.plan?.kind == .unknown(title: found.title))
                #expect(found.steps.map(\.node) == old.steps.map(\.node))
                #expect(found.steps.map(\.step?.role) == old.steps.map(\.role))
                #expect(found.steps.allSatisfy { $0.step?.buckets.isEmpty == false })
                #expect(found.steps.map(\.state) == old.steps.map(\.state))
                #expect(found.steps.map(\.progress.failure?.sentence) == old.steps.map(\.reason))
            }
        }
    }

    @Test("what was cut off then can be taken in hand now")
    func cutOff() throws {
        try TestDirectory.run { directory in
            let journal = try Self.open("journal-1", in: directory)
            let cutOff = try journal.cutOff(cluster: "lab")
            #expect(cutOff.map(\.title) == ["move 1 to node2", "move 2 to node2"])
            try journal.begin(Example.plan("op-1"), cluster: "lab", resolves: cutOff[0].id)
            try journal.end("op-1", .done, resolving: .resumed)
            #expect(try journal.operation(cutOff[0].id)?.outcome == .ended(.resumed))
        }
    }
}
