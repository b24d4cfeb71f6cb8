import Canvas
import ClusterModel

/// A node's buckets drawn in one row: a cell for each bucket, or for several when there are more than cells.
struct Strip {
    let ownership: Ownership
    let total: Int
    /// The node's place, which gives the colour.
    let index: Int
    let attributes: Attributes

    /// The strip as runs of equal cells, at most `width` wide.
    func runs(width: Int, glyphs: GlyphSet) -> [(text: String, style: Style)] {
        let cells = min(width, total)
        guard cells > 0 else { return [] }
        var runs: [(text: String, style: Style)] = []
        for cell in 0..<cells {
            let (glyph, style) = look((cell * total / cells + 1)...((cell + 1) * total / cells), glyphs)
            if let last = runs.last, last.style == style {
                runs[runs.count - 1].text.unicodeScalars.append(glyph)
            } else {
                runs.append((String(glyph), style))
            }
        }
        return runs
    }

    /// What a cell that stands for these buckets looks like.
    private func look(_ range: ClosedRange<Int>, _ glyphs: GlyphSet) -> (Unicode.Scalar, Style) {
        let owned = ownership.owned.count(in: range)
        let draining = ownership.draining.isEmpty ? 0 : ownership.draining.count(in: range)
        let adopted = ownership.adopted.isEmpty ? 0 : ownership.adopted.count(in: range)
        let style = Style(.owner, index: index, attributes: attributes)
        if draining > 0 { return (glyphs.draining, Style(.bucketDraining, attributes: attributes)) }
        if adopted > 0 { return (glyphs.adopted, Style(.bucketAdopted, attributes: attributes)) }
        if owned == 0 { return (glyphs.empty, Style(.textDim, attributes: attributes)) }
        if owned == range.count { return (range.count == 1 ? glyphs.owned : glyphs.block, style) }
        return (glyphs.shade(owned, of: range.count), style)
    }
}
