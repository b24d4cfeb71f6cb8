import Testing

@testable import Canvas

@Suite struct TextCutTests {
    @Test(
        arguments: [
            ("buckets 1-512 of 4096", 11, "buckets "),
            ("buckets 1-512 of 4096", 13, nil),
            ("buckets 3,7,10-12 and more", 14, "buckets 3,7,"),
            ("1,2,3,4", 5, "1,2,"),
            ("12345", 3, ""),
            ("moved to node12", 13, "moved to "),
            ("web-frontend-17", 8, nil),
            ("nothing with a number", 10, nil),
            ("10.8.0.1/16", 9, ""),
        ] as [(String, Int, String?)])
    func `no number is cut`(text: String, columns: Int, kept: String?) {
        #expect(TextCut.shortened(text, columns: columns) == kept)
    }

    @Test func `a text that fits is not cut, and one that does not says so`() {
        var canvas = Canvas(size: Size(columns: 12, rows: 2))
        canvas.putClipped("buckets 1-512", at: Point(column: 0, row: 0), limit: 12, style: Style(.text))
        canvas.putClipped("buckets 1-51", at: Point(column: 0, row: 1), limit: 12, style: Style(.text))
        #expect(canvas.picture() == "buckets …\nbuckets 1-51\n")
    }
}
