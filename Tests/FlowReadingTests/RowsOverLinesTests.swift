import FlowReading
import Responsibility
import Testing

@Suite("Rows over several lines") struct RowsOverLinesTests {
    private static let header = "note,protocol,source,source_port,destination,destination_port\n"

    /// The flows of a text that is handed in by pieces, with the numbers of their lines, and the lines of errors.
    private func read(_ text: String, piece: Int = .max) -> (rows: [String], lines: [Int], errors: [Int]) {
        let bytes = Array(text.utf8)
        var (parser, rest, place) = (FlowParser(), [UInt8](), 0)
        var result: (rows: [String], lines: [Int], errors: [Int]) = ([], [], [])
        while place < bytes.count {
            let end = min(bytes.count, piece < bytes.count ? place + piece : bytes.count)
            rest += bytes[place..<end]
            place = end
            var batch = FlowBatch(keepsRows: true, keepsMarks: false)
            batch.removeAll()
            let taken = rest.withUnsafeBytes { parser.parse(block: $0, isLast: place == bytes.count, into: &batch) }
            for index in 0..<batch.count {
                let row = batch.rows[index]
                result.rows.append(String(decoding: rest[row.start..<row.end], as: UTF8.self))
                result.lines.append(batch.lines[index])
            }
            for (line, content) in batch.others { if case .error = content { result.errors.append(line) } }
            rest.removeFirst(taken)
        }
        return result
    }

    @Test func aQuotedNewlineBelongsToTheRow() {
        let row = "\"two\nlines, one \"\"row\"\"\",tcp,10.9.0.1,1,10.8.0.1,2"
        let plain = "x,tcp,10.9.0.2,1,10.8.0.1,2"
        let text = Self.header + plain + "\n" + row + "\n" + plain + "\n"
        let whole = read(text)
        #expect(whole.rows == [plain, row, plain] && whole.lines == [2, 3, 5] && whole.errors.isEmpty)
        // Wherever the input is cut, the rows are the same.
        for piece in [1, 7, 64, 100] { #expect(read(text, piece: piece).rows == whole.rows) }
    }

    @Test func aQuotationMarkTooManyTakesItsLineAlone() {
        let plain = "x,tcp,10.9.0.2,1,10.8.0.1,2"
        let result = read(Self.header + "\"x,tcp,10.9.0.1,1,10.8.0.1,2\n" + plain + "\n" + plain + "\n")
        #expect(result.rows == [plain, plain] && result.errors == [2])
    }
}
