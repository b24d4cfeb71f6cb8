import Canvas

/// A sign that screens draw, and what it stands for.
struct SignWord: Hashable, Sendable {
    /// Where it stands in a set of shapes.
    let glyph: @Sendable (GlyphSet) -> Unicode.Scalar
    /// What it stands for.
    let words: String
    let scope: Scope

    private init(_ words: String, _ scope: Scope, _ glyph: @escaping @Sendable (GlyphSet) -> Unicode.Scalar) {
        self.words = words
        self.scope = scope
        self.glyph = glyph
    }

    static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) { hasher.combine(words) }

    /// Every sign, in the order of the help.
    static let all: [SignWord] = [
        SignWord("live, or good", .statusOk) { $0.ok },
        SignWord("being connected to, or not known yet", .statusPending) { $0.pending },
        SignWord("a warning; a node's last word is late", .statusWarn) { $0.warn },
        SignWord("critical; not heard; failed; two owners", .statusError) { $0.error },
        SignWord("a notice, or not known", .statusUnknown) { $0.unknown },
        SignWord("a bucket that the node owns", .bucketOwned) { $0.owned },
        SignWord("a bucket that it drains", .bucketDraining) { $0.draining },
        SignWord("a bucket that it has adopted", .bucketAdopted) { $0.adopted },
        SignWord("an orphan: no node owns the bucket", .bucketOrphan) { $0.orphan },
        SignWord("a bucket of others; nothing is known of this time", .textDim) { $0.empty },
        SignWord("done, marked, as it should be", .planDone) { $0.check },
        SignWord("selected; running", .title) { $0.marker },
        SignWord("a bucket went to another node", .title) { $0.right },
        SignWord("some of the buckets of a cell; the hotter, the fuller", .text) { $0.shades[2] },
    ]
}
