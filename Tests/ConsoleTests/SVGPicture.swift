import Canvas

/// A canvas as a terminal shows it, as SVG: blocks and bars are shapes, so that they fit whatever font there is.
struct SVGPicture {
    private static let cell = (width: 8.4, height: 17.0)

    let canvas: Canvas
    let table: ThemeTable

    init(_ canvas: Canvas, _ theme: Theme) {
        self.canvas = canvas
        table = theme.table(.c256)
    }

    /// The picture.
    var text: String {
        let (width, height) = (
            Double(canvas.size.columns) * Self.cell.width, Double(canvas.size.rows) * Self.cell.height
        )
        let ground = color(table.resolve(Style(.background)).background, or: 0x1C1C1C)
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" shape-rendering="crispEdges" viewBox="0 0 \(short(width)) \(short(height))" \
            font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14">
            <rect width="100%" height="100%" fill="\(ground)"/>

            """
        for row in 0..<canvas.size.rows { text += line(row, ground: ground) }
        return text + "</svg>\n"
    }

    private func line(_ row: Int, ground: String) -> String {
        let cells = Array(canvas.row(row))
        var grounds = ""
        var inks = ""
        var column = 0
        while column < cells.count {
            let look = look(cells[column].style)
            var end = column + 1
            while end < cells.count, self.look(cells[end].style) == look { end += 1 }
            if look.ground != ground { grounds += rect(column, end, row, 0, 1, look.ground) }
            inks += run(cells[column..<end], column, row, look)
            column = end
        }
        return grounds + inks
    }

    private struct Look: Equatable {
        var ink: String
        var ground: String
        var isBold: Bool
        var isUnderlined: Bool
        var isDim: Bool
    }

    private func look(_ style: Style) -> Look {
        let resolved = table.resolve(style)
        var (ink, ground) = (color(resolved.foreground, or: 0xD0D0D0), color(resolved.background, or: 0x1C1C1C))
        if resolved.attributes.contains(.reverse) { swap(&ink, &ground) }
        return Look(
            ink: ink, ground: ground, isBold: resolved.attributes.contains(.bold),
            isUnderlined: resolved.attributes.contains(.underline), isDim: resolved.attributes.contains(.dim))
    }

    /// The characters of one look: words as text, each at its column; blocks as shapes.
    private func run(_ cells: ArraySlice<Cell>, _ column: Int, _ row: Int, _ look: Look) -> String {
        var text = ""
        var word = ""
        var start = column
        func flush(_ end: Int) {
            if !word.isEmpty { text += self.word(word, start, row, look) }
            word = ""
        }
        var place = column
        while place < column + cells.count {
            let scalar = cells[cells.startIndex + place - column].scalar
            var end = place + 1
            while end < column + cells.count, cells[cells.startIndex + end - column].scalar == scalar { end += 1 }
            if let block = Self.block(scalar) {
                flush(place)
                text += rect(place, end, row, block, look)
                place = end
                continue
            }
            if scalar == 0x20 || scalar == 0 {
                flush(place)
            } else {
                if word.isEmpty { start = place }
                word.unicodeScalars.append(Unicode.Scalar(scalar) ?? "?")
            }
            place += 1
        }
        flush(place)
        return text
    }

    private func word(_ word: String, _ column: Int, _ row: Int, _ look: Look) -> String {
        let escaped = word.flatMap { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }
        var attributes =
            "x=\"\(short(Double(column) * Self.cell.width))\" y=\"\(short(Double(row) * Self.cell.height + 13))\""
        if word.count > 1 {
            attributes +=
                " textLength=\"\(short(Double(word.count) * Self.cell.width))\" lengthAdjust=\"spacingAndGlyphs\""
        }
        if look.isBold { attributes += " font-weight=\"bold\"" }
        if look.isUnderlined { attributes += " text-decoration=\"underline\"" }
        if look.isDim { attributes += " opacity=\"0.6\"" }
        return "<text \(attributes) fill=\"\(look.ink)\">\(String(escaped))</text>\n"
    }

    /// A part of a cell that is filled, and how densely.
    private struct Block {
        var left = 0.0
        var right = 1.0
        var top = 0.0
        var bottom = 1.0
        var density = 1.0
    }

    private static func block(_ scalar: UInt32) -> Block? {
        switch scalar {
        case 0x2581...0x2588: Block(top: 1 - Double(scalar - 0x2580) / 8)
        case 0x2589...0x258F: Block(right: Double(0x2590 - scalar) / 8)
        case 0x2580: Block(bottom: 0.5)
        case 0x2591...0x2593: Block(density: Double(scalar - 0x2590) / 4)
        case 0x2500: Block(top: 0.46, bottom: 0.54)
        default: nil
        }
    }

    private func rect(_ column: Int, _ end: Int, _ row: Int, _ block: Block, _ look: Look) -> String {
        let (left, right) = block.right < 1 ? (block.left, block.right) : (0, Double(end - column))
        var text = ""
        let count = block.right < 1 ? end - column : 1
        for step in 0..<count {
            let x = (Double(column + step) + left) * Self.cell.width
            let y = (Double(row) + block.top) * Self.cell.height
            let opacity = block.density * (look.isDim ? 0.6 : 1)
            text +=
                "<rect x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short((right - left) * Self.cell.width))\" "
                + "height=\"\(short((block.bottom - block.top) * Self.cell.height))\" fill=\"\(look.ink)\""
                + (opacity < 1 ? " fill-opacity=\"\(short(opacity))\"" : "") + "/>\n"
        }
        return text
    }

    private func rect(_ column: Int, _ end: Int, _ row: Int, _ top: Double, _ bottom: Double, _ fill: String) -> String
    {
        let (x, y) = (Double(column) * Self.cell.width, (Double(row) + top) * Self.cell.height)
        return "<rect x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short(Double(end - column) * Self.cell.width))\" "
            + "height=\"\(short((bottom - top) * Self.cell.height))\" fill=\"\(fill)\"/>\n"
    }

    private func color(_ index: UInt8?, or other: UInt32) -> String {
        let digits = String(index.map(ColorQuantizer.rgb) ?? other, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// A length to a hundredth.
    private func short(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = (hundredths / 100, hundredths % 100)
        if rest == 0 { return "\(whole)" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
