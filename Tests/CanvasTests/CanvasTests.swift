import Canvas
import Testing

@Suite struct CanvasTests {
    private let text = Style(.text)

    @Test func picturesShowWhatWasPut() {
        var canvas = Canvas(size: Size(columns: 12, rows: 4))
        canvas.box(Rect(canvas.size), title: "Nodes", style: Style(.border), titleStyle: Style(.title))
        canvas.put("node1", at: Point(column: 2, row: 1), style: text)
        canvas.put([("a", Style(.owner, index: 13)), ("b", text)], at: Point(column: 2, row: 2))
        #expect(
            canvas.picture() == """
                ╭─ Nodes ──╮
                │ node1    │
                │ ab       │
                ╰──────────╯

                """)
        #expect(
            canvas.stylePicture() == """
                aabbbbbbbaaa
                a ccccc    a
                a dc       a
                aaaaaaaaaaaa
                a ui.border
                b ui.title
                c ui.text
                d owner.1

                """)
    }

    @Test(arguments: [
        ("abcdef", 0, 4, "abcd"), ("abcdef", 2, 4, "  ab"), ("abcdef", -2, 4, "cdef"), ("日本語", 0, 4, "日本"),
        ("日本語", 1, 4, " 日"), ("日本語", -1, 4, " 本"), ("abc", 9, 4, ""), ("abc", -9, 4, ""), ("日", 0, 1, ""),
        ("abc", Int.min, 4, ""), ("abc", Int.max, 4, ""), ("abc", 0, 0, ""),
    ])
    func putClipsToTheCanvas(string: String, column: Int, columns: Int, row: String) {
        var canvas = Canvas(size: Size(columns: columns, rows: 1))
        canvas.put(string, at: Point(column: column, row: 0), style: text)
        #expect(canvas.picture() == row + "\n")
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("日本語", 5, "日本…"), ("日本語", 4, "日 …"), ("abc", 1, "…"),
        ("abc", 0, ""),
        ("abc", -1, ""),
    ])
    func putClippedEndsWithAnEllipsis(string: String, limit: Int, row: String) {
        var canvas = Canvas(size: Size(columns: 20, rows: 1))
        canvas.putClipped(string, at: Point(column: 0, row: 0), limit: limit, style: text)
        #expect(canvas.picture() == row + "\n")
    }

    @Test func alignment() {
        var canvas = Canvas(size: Size(columns: 9, rows: 4))
        canvas.put("ab", in: Rect(column: 1, row: 0, columns: 6, rows: 1), alignment: .left, style: text)
        canvas.put("ab", in: Rect(column: 1, row: 1, columns: 6, rows: 1), alignment: .right, style: text)
        canvas.put("ab", in: Rect(column: 1, row: 2, columns: 6, rows: 1), alignment: .center, style: text)
        canvas.put("abcdefgh", in: Rect(column: 1, row: 3, columns: 6, rows: 1), alignment: .right, style: text)
        #expect(canvas.picture() == " ab\n     ab\n   ab\n abcde…\n")
    }

    @Test(arguments: [(0, "x 本"), (1, " x本"), (2, "日x"), (3, "日 x")])
    func writingOnHalfAWideCharacterBlanksTheOther(column: Int, row: String) {
        var canvas = Canvas(size: Size(columns: 4, rows: 1))
        canvas.put("日本", at: Point(column: 0, row: 0), style: text)
        canvas.put("x", at: Point(column: column, row: 0), style: text)
        #expect(canvas.picture() == row + "\n")
        #expect(canvas.cells.indices.allSatisfy { isWhole(canvas, $0) })
    }

    @Test func everyOperationIsSafeAtEverySizeAndPlace() {
        let places = [Int.min, -3, -1, 0, 1, 2, 5, Int.max]
        for columns in 0...3 {
            for rows in 0...2 {
                var canvas = Canvas(size: Size(columns: columns, rows: rows))
                for column in places {
                    for row in places {
                        let rect = Rect(column: column, row: row, columns: 4, rows: 3)
                        canvas.fill(rect, text)
                        canvas.put("a日b\u{301}本", at: rect.origin, style: text, limit: 3)
                        canvas.put("日本語", in: rect, alignment: .right, style: text)
                        canvas.box(rect, title: "t", style: text)
                        canvas.paint(rect, surface: .selection)
                    }
                }
                #expect(canvas.cells.count == columns * rows)
                #expect(canvas.cells.indices.allSatisfy { isWhole(canvas, $0) })
            }
        }
    }

    @Test func paintKeepsCharactersAndScopes() {
        var canvas = Canvas(size: Size(columns: 3, rows: 1))
        canvas.put("ab", at: Point(column: 0, row: 0), style: Style(.owner, index: 2))
        canvas.paint(Rect(canvas.size), surface: .selection)
        #expect(canvas[Point(column: 1, row: 0)]?.style == Style(.owner, index: 2, surface: .selection))
        #expect(canvas.picture() == "ab\n")
        #expect(canvas[Point(column: 3, row: 0)] == nil)
    }

    /// A right half follows the left half of a wide character, and a left half has its right one.
    private func isWhole(_ canvas: Canvas, _ index: Int) -> Bool {
        let cell = canvas.cells[index]
        let column = index % canvas.size.columns
        if cell.isContinuation { return column > 0 && isWide(canvas.cells[index - 1]) }
        return !isWide(cell) || (column + 1 < canvas.size.columns && canvas.cells[index + 1].isContinuation)
    }

    private func isWide(_ cell: Cell) -> Bool {
        Unicode.Scalar(cell.scalar).map { displayWidth(of: String($0)) == 2 } ?? false
    }
}
