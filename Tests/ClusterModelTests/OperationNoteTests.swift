import ClusterModel
import Testing

@Suite("What kernels note of operations")
struct OperationNoteTests {
    static let notes = [
        OperationNote(who: "anna as root@console", title: "drain node3", reason: "a new disk", emptied: "node3"),
        OperationNote(who: "root@vm", title: "repair"),
        OperationNote(who: "ü@x", title: "move 1-3 to node2", reason: "because: it\ttabs\nand breaks"),
    ]

    @Test(arguments: notes)
    func `a note comes back from its line`(note: OperationNote) throws {
        let line = note.line(of: "op-1-x")
        #expect(!line.contains("\n") && line.utf8.count <= OperationNote.longestLine)
        let found = try #require(OperationNote.parse(line))
        #expect(found.operation == "op-1-x" && found.note == note)
    }

    @Test func `what is too long for a kernel is cut, the reason first, and never within a character`() throws {
        let long = String(repeating: "ü", count: 200)
        let note = OperationNote(who: long, title: long, reason: long, emptied: long)
        let line = note.line(of: String(repeating: "x", count: 64))
        #expect(line.utf8.count <= OperationNote.longestLine)
        #expect(OperationNote.parse(line)?.note.who == note.who)
    }

    @Test(arguments: ["", "op-1", "op-1\ta\tb\tc", "o p\ta\tb\tc\td", "op-1\t\t\t\t", "a\tb\tc\td\te\tf"])
    func `a line that no program of ours writes is none`(line: String) { #expect(OperationNote.parse(line) == nil) }

    @Test func `marks tell which operation put buckets where they are; guards and installations put nothing anywhere`()
    {
        let marks = [
            1: "op-1", 2: "op-1-back", 3: "op-2", 4: "op-2-guard", 5: "install-0000000000000001", 6: "", 7: "odd mark",
        ]
        let records = OperationRecord.records(of: marks, notes: ["op-2": Self.notes[1]])
        #expect(
            records == [
                OperationRecord(operation: "", buckets: [6]), OperationRecord(operation: "op-1", buckets: [1, 2]),
                OperationRecord(operation: "op-2", note: Self.notes[1], buckets: [3]),
            ])
    }
}
