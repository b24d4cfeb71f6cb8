import Canvas

/// Where the table and the details of the Nodes screen lie.
struct NodesLayout {
    var heading: Rect
    var header: Rect
    var rows: Rect
    var detailHeading: Rect
    var detail: Rect

    init(body: Rect, count: Int) {
        var rest: Rect
        (heading, rest) = body.splitTop(body.rows >= 7 ? 1 : 0)
        (header, rest) = rest.splitTop(rest.rows >= 3 ? 1 : 0)
        let hasDetail = rest.rows >= 14
        let table = hasDetail ? min(max(count, 3) + 1, rest.rows - 11) : rest.rows
        (rows, rest) = rest.splitTop(table)
        (detailHeading, detail) = rest.splitTop(1)
        detail = Rect(column: detail.column + 1, row: detail.row, columns: detail.columns - 2, rows: detail.rows)
    }
}
