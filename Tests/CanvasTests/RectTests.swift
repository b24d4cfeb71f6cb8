import Canvas
import Testing

@Suite struct RectTests {
    private let rect = Rect(column: 2, row: 1, columns: 10, rows: 6)

    @Test(arguments: [-1, 0, 3, 6, 10, 99, Int.max])
    func splitsCoverTheWholeAndClamp(n: Int) {
        let (top, below) = rect.splitTop(n)
        #expect(top.rows == min(max(0, n), 6) && top.rows + below.rows == 6 && below.row == top.maxRow)
        let (above, bottom) = rect.splitBottom(n)
        #expect(bottom.rows == min(max(0, n), 6) && bottom.maxRow == rect.maxRow && above.maxRow == bottom.row)
        let (left, rest) = rect.splitLeft(n)
        #expect(left.columns == min(max(0, n), 10) && rest.column == left.maxColumn && rest.maxColumn == rect.maxColumn)
    }

    @Test func insetNeverTurnsInsideOut() {
        #expect(rect.inset(1, 1) == Rect(column: 3, row: 2, columns: 8, rows: 4))
        for amount in [5, 6, 99, Int.max] {
            let inner = rect.inset(amount, amount)
            #expect(inner.isEmpty && inner.columns >= 0 && inner.rows >= 0)
        }
        #expect(rect.inset(-5, -5) == rect)
    }

    @Test func linesCentresAndHits() {
        #expect(rect.line(5).row == 6 && rect.line(6).isEmpty && rect.line(-1).isEmpty)
        #expect(rect.centered(Size(columns: 4, rows: 2)) == Rect(column: 5, row: 3, columns: 4, rows: 2))
        #expect(rect.centered(Size(columns: 400, rows: 200)) == rect)
        #expect(rect.contains(Point(column: 11, row: 6)) && !rect.contains(Point(column: 12, row: 6)))
    }
}
