import Canvas
import ClusterModel

/// What fills the room below the facts of a node.
extension Painter {
    /// Draws some lines when there is room for two of them; what remains below them.
    mutating func section(_ lines: [Line], in rect: Rect) -> Rect {
        guard rect.rows >= 2, lines.count >= 2 else { return rect }
        self.lines(lines, in: rect)
        return rect.splitTop(lines.count + 1).rest
    }

    var findingLines: [Line] {
        guard let findings = state.snapshot?.findings, !findings.isEmpty else { return [] }
        return [Line("FINDINGS", .header)]
            + findings.prefix(6).map { finding in
                var line = Line("\(glyphs.sign(finding.severity)) \(finding.evidence)", finding.severity.scope)
                line.add("  \(finding.effect)", .textDim)
                return line
            }
    }

    /// The whole cluster in two rows: each bucket's owner, and its load.
    ///
    /// Nothing when a row cannot hold all buckets.
    func mapLines(columns: Int) -> [Line] {
        let total = state.totalBuckets
        guard let snapshot = state.snapshot, total > 0, total <= columns - 12 else { return [] }
        var owners = Line("owner", .textDim)
        var load = Line("load", .textDim)
        owners.add(String(repeating: " ", count: 7))
        load.add(String(repeating: " ", count: 8))
        for bucket in 1...total {
            if let owner = snapshot.coverage.owner(of: bucket) {
                owners.runs.append((NodeTag.letter(owner), Style(.owner, index: owner)))
            } else {
                owners.add(String(glyphs.orphan), .bucketOrphan, .bold)
            }
            let heat = state.facts.heat(of: bucket)
            let glyph = glyphs.height(state.facts.bucketRates[bucket - 1], peak: state.facts.scale)
            load.runs.append((String(glyph), Style(.heat, index: heat)))
        }
        load.add("  to \(Units.short(state.facts.scale)) pps", .textDim)
        return [Line("BUCKETS 1 TO \(total)", .header), owners, load]
    }

    /// The buckets of a node that answer most, each with a bar.
    func busiest(_ index: Int, count: Int) -> [Line] {
        guard let node = state.snapshot?.nodes[index], count > 0 else { return [] }
        let rates = node.rates.enumerated().lazy.filter { $0.element.accepted.packetsPerSecond > 0 }
            .map { (bucket: $0.offset + 1, pps: $0.element.accepted.packetsPerSecond) }
        let top = rates.sorted { $0.pps > $1.pps }.prefix(min(count, 8)).sorted { $0.bucket < $1.bucket }
        guard !top.isEmpty else { return [] }
        var lines = [Line("BUSIEST BUCKETS", .header)]
        for (bucket, pps) in top {
            var line = Line("\(Pad.right("\(bucket)", 6))  ", .text)
            line.add("\(Pad.right(Units.short(pps), 5)) pps ", .value)
            line.runs.append((glyphs.bar(pps / state.facts.scale, columns: 24), Style(.owner, index: index)))
            lines.append(line)
        }
        return lines
    }
}
