import ClusterModel
import Journal
import Planning
import Responsibility
import Testing
import Wording

/// Journals that earlier versions have written, each as a file in Data.
@Suite("Journals of earlier versions")
struct EarlierVersionTests {
    /// Opens a copy of a file in Data.
    private func withJournal(_ name: String, _ body: (Journal) throws -> Void) throws {
        try TestDirectory.run { directory in
            let written = #filePath.replacing("EarlierVersionTests.swift", with: "Data/\(name).sqlite")
            try shell("cp '\(written)' '\(directory.path)/j' && chmod 600 '\(directory.path)/j'")
            try body(Journal(path: directory.path + "/j"))
        }
    }

    @Test("the journal of 0.1 lists its operations, with every plan and step")
    func version1() throws {
        try withJournal("version-1") { journal in
            let history = try journal.history(cluster: "lab")
            #expect(
                history.map { "\($0.outcome.word): \($0.title)" } == [
                    "cut off: move 6 to node1", "partly: settle", "done: move 1 to node3",
                    "done: undo: rebalance by count", "undone: rebalance by count", "done: drain node1",
                    "done: move 3,7-9 to node2",
                ])
            #expect(history.map(\.steps.count) == [4, 2, 4, 5, 5, 11, 3])
            for operation in history {
                let plan = try #require(operation.plan, "the plan of \(operation.title) cannot be read")
                #expect(plan.address.description == "10.8.0.1" && plan.operation == operation.id)
                #expect(operation.steps.allSatisfy { $0.step?.address == plan.address })
            }
            let move = try #require(history.last)
            #expect(move.reason == "kernel update" && move.who.text == "root@console")
            #expect(move.plan?.moves == [Move(bucket: 3, from: "node1", to: "node2")])
            #expect(move.plan?.before["node1"]?.owned == [1, 2, 3, 4, 5])
            #expect(history[1].plan?.finalization?["node1"]?.draining == [3, 10, 14, 15, 16])
        }
    }

    @Test("what 0.1 left cut off is found, and can be settled")
    func cutOff() throws {
        try withJournal("version-1") { journal in
            let cutOff = try journal.cutOff(cluster: "lab")
            #expect(cutOff.map(\.title) == ["move 6 to node1"])
            let operation = try #require(try journal.operation(cutOff[0].id))
            #expect(operation.steps.map(\.state) == ["done", "done", "done", "sent"])
            try journal.close(operation.id, as: .resumed)
            #expect(try journal.cutOff().isEmpty)
        }
    }
}
