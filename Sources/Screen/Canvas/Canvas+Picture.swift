extension Canvas {
    /// The rows as text with trailing blanks trimmed, each ended by a newline: for snapshot tests and plain output.
    public func picture() -> String {
        var result = ""
        for row in 0..<size.rows {
            var line = String.UnicodeScalarView()
            for cell in self.row(row) where !cell.isContinuation {
                line.append(Unicode.Scalar(cell.scalar) ?? "?")
                if cell.mark != 0, let mark = Unicode.Scalar(cell.mark) { line.append(mark) }
            }
            while line.last == " " { line.removeLast() }
            result.unicodeScalars.append(contentsOf: line)
            result += "\n"
        }
        return result
    }

    /// The styles as a picture of letters, one for each different style in order of appearance, and a legend.
    ///
    /// A blank stands for the plain background. A legend line reads `a ui.title`, `b owner.3 on ui.selection bold`.
    public func stylePicture() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        var seen: [Style] = []
        var picture = ""
        for row in 0..<size.rows {
            var line = ""
            for cell in self.row(row) {
                guard cell.style != Style(.background) else {
                    line += " "
                    continue
                }
                let index = seen.firstIndex(of: cell.style) ?? seen.count
                if index == seen.count { seen.append(cell.style) }
                line.append(index < letters.count ? letters[index] : "*")
            }
            while line.last == " " { line.removeLast() }
            picture += line + "\n"
        }
        for (index, style) in seen.enumerated() where index < letters.count {
            picture += "\(letters[index]) \(style.description)\n"
        }
        return picture
    }

    /// The cells of a row, which must lie in the canvas.
    public func row(_ row: Int) -> ArraySlice<Cell> {
        cells[row * size.columns..<(row + 1) * size.columns]
    }
}

extension Style: CustomStringConvertible {
    /// The style in the words of theme files: `owner.3 on ui.selection bold`.
    public var description: String {
        var words = scope.count > 1 ? "\(scope.name).\(index)" : scope.name
        if surface != .background { words += " on \(surface.name)" }
        for (attribute, name) in Attributes.names where attributes.contains(attribute) { words += " \(name)" }
        return words
    }
}
