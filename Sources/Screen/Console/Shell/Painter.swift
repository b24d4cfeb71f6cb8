import Canvas
import ClusterModel

/// A canvas being painted, with what every part of a screen needs: the state, the glyphs and the place of the cursor.
struct Painter {
    /// The picture so far.
    var canvas: Canvas
    /// The shapes.
    let glyphs: GlyphSet
    /// What is drawn.
    let state: ConsoleState
    /// Where the terminal's cursor stands; nil: hidden.
    var cursor: Point?
    /// Whether what clicks do is noted.
    let collectsTargets: Bool
    /// The panes that were drawn, from left to right.
    var panes: [PaneID] = []
    /// Whether the pane that is being drawn is the one that keys are about.
    var isPaneChosen = false
    /// What clicks do, the topmost last.
    var targets: [(rect: Rect, target: Target)] = []

    init(_ state: ConsoleState, size: Size, glyphs: GlyphSet, collectsTargets: Bool = false) {
        self.collectsTargets = collectsTargets
        canvas = Canvas(size: size, ellipsis: glyphs.ellipsis)
        self.glyphs = glyphs
        self.state = state
    }

    /// A thin line across with a title on the left and a remark on the right.
    mutating func rule(_ rect: Rect, title: String, remark: String = "", isFocus: Bool = true) {
        guard !rect.isEmpty else { return }
        canvas.repeatGlyph(glyphs.horizontal, across: rect.line(0), Style(.border))
        let left = Rect(column: rect.column + 1, row: rect.row, columns: rect.columns - 2, rows: 1)
        let used = canvas.put(
            " \(title) ", in: left,
            style: Style(isFocus ? .title : .header, attributes: isPaneChosen ? [.bold, .reverse] : .bold))
        guard !remark.isEmpty, left.columns - used > 6 else { return }
        let rest = Rect(column: left.column + used + 2, row: rect.row, columns: left.columns - used - 2, rows: 1)
        canvas.put(" \(remark) ", in: rest, alignment: .right, style: Style(.textDim))
    }

    /// Lines one below the other from a first visible one on; what does not fit is left out.
    mutating func lines(_ lines: some Sequence<Line>, in rect: Rect) {
        for (index, line) in lines.prefix(rect.rows).enumerated() { put(line, in: rect.line(index)) }
    }

    /// One line, its end cut off with an ellipsis when it does not fit.
    mutating func put(_ line: Line, in rect: Rect) {
        guard !rect.isEmpty else { return }
        var used = 0
        for run in line.runs {
            guard used < rect.columns else { return }
            used += canvas.putClipped(
                run.text, at: Point(column: rect.column + used, row: rect.row), limit: rect.columns - used,
                style: run.style)
        }
    }

    /// Makes a row, which was filled on the selection's ground before its text was put there, the selected one.
    mutating func select(_ rect: Rect) {
        guard !rect.isEmpty else { return }
        canvas.paint(rect, surface: .selection)
        canvas.set(glyphs.marker, rect.origin, Style(.title, surface: .selection, attributes: .bold))
    }
}

extension GlyphSet {
    /// The sign of a node's state.
    func sign(_ state: NodeState) -> Unicode.Scalar {
        switch state {
        case .connecting: pending
        case .live: ok
        case .stale: warn
        case .unreachable: error
        }
    }

    /// The sign of a bucket's state.
    func sign(_ state: BucketState?) -> Unicode.Scalar {
        switch state {
        case .owned: owned
        case .draining: draining
        case .adopted: adopted
        case nil: empty
        }
    }

    /// The sign of a severity.
    func sign(_ severity: Finding.Severity) -> Unicode.Scalar {
        switch severity {
        case .notice: unknown
        case .warning: warn
        case .critical: error
        }
    }
}

extension NodeState {
    /// The scope a node's state is drawn in.
    var scope: Scope {
        switch self {
        case .connecting: .statusPending
        case .live: .nodeLive
        case .stale: .nodeStale
        case .unreachable: .nodeUnreachable
        }
    }
}

extension BucketState {
    /// The scope a bucket's state is drawn in.
    var scope: Scope {
        switch self {
        case .owned: .bucketOwned
        case .draining: .bucketDraining
        case .adopted: .bucketAdopted
        }
    }
}

extension Finding.Severity {
    /// The scope a severity is drawn in.
    var scope: Scope {
        switch self {
        case .notice: .statusUnknown
        case .warning: .statusWarn
        case .critical: .statusError
        }
    }
}

/// The one letter that stands for a node wherever there is no room for its name.
enum NodeTag {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@&").map(
        String.init)

    /// A…Z, a…z, 0…9, @, & for the first 64 nodes, "*" for all others.
    static func letter(_ index: Int) -> String { letters.indices.contains(index) ? letters[index] : "*" }
}
