import Canvas
import ClusterModel

/// The Buckets screen: the map of all buckets, and what is known of the selected one.
struct BucketsScreen: FilteredScreen {
    static let title = "Buckets"
    static let help = "Show the map of all buckets"

    /// How buckets are shown.
    enum Form: CaseIterable, Sendable { case map, waterfall, list }

    /// How buckets are shown.
    var form = Form.map
    /// What the list is ordered by.
    var order = BucketOrder.rate
    /// The buckets that are shown; nil: all.
    private(set) var zoom: ClosedRange<Int>?
    /// The selected bucket, from 1.
    var selected = 1
    /// The first visible row of the grid.
    private(set) var top = 0
    /// The filter as typed.
    var filter = ""
    /// What is wrong with the filter; nil when nothing is.
    private(set) var filterError: String?
    /// The buckets the filter lets through, ascending; nil: all.
    private(set) var shown: [Int]?

    static let words: [HelpWord] = [.bucket, .owner, .arrived, .accepted, .draining, .adopted, .orphan, .conflict]

    static let commands: [Command] = [
        .left(), .right(),
        Command(
            "form", title: "form", "Show a map, a waterfall over time, or a list", .view, [.character("v")], footer: 5
        ) {
            let all = Form.allCases
            $0.buckets.form = all[((all.firstIndex(of: $0.buckets.form) ?? 0) + 1) % all.count]
            return []
        },
        Command("zoom", "Show fewer buckets, around the selected one", .view, [.character("+"), .enter]) {
            $0.zoomBuckets(by: 16)
            return []
        },
        Command("widen", "Show more buckets around the selected one", .view, [.character("-")]) {
            $0.zoomBuckets(by: nil)
            return []
        },
        Command(
            "sort", "Order the list by rate, change, number or owner", .view, [.character("s")],
            takes: Arguments(.bucketOrder) { console, order in
                console.buckets.order = order
                console.buckets.form = .list
                return []
            }.optional
        ) {
            let all = BucketOrder.allCases
            $0.buckets.order = all[((all.firstIndex(of: $0.buckets.order) ?? 0) + 1) % all.count]
            $0.buckets.form = .list
            return []
        },
        Command(
            "markall", title: "mark all", "Mark every bucket that is shown", .change, [.character("a")],
            unless: Command.needsSnapshot
        ) {
            let shown = $0.buckets.shown.map { BucketSet($0) } ?? BucketSet(1...max($0.totalBuckets, 1))
            $0.changeMarks { $0 = $0.union(shown) }
            return []
        },
        .mark, .clearMarks, .move,
    ]

    /// Works out which buckets the filter lets through.
    mutating func arrange(_ console: ConsoleState) {
        filterError = nil
        shown = nil
        let total = console.totalBuckets
        if let snapshot = console.snapshot, !filter.isEmpty {
            do {
                let filter = try BucketFilter(filter, nodes: snapshot.nodes, total: total)
                let (facts, marks) = (console.facts, console.marks)
                shown = Array(range(of: total)).filter {
                    filter.matches($0, snapshot: snapshot, facts: facts, marks: marks)
                }
            } catch {
                filterError = error.text
            }
        }
        if shown == nil, zoom != nil { shown = Array(range(of: total)) }
        selected = bucket(at: place(of: selected, of: total), of: total) ?? selected
    }

    /// The buckets of a cluster with `total` that are looked at, before a filter.
    func range(of total: Int) -> ClosedRange<Int> {
        let all = 1...max(total, 1)
        return zoom.map { $0.clamped(to: all) } ?? all
    }

    /// Shows so many times fewer buckets, those around the selected one; nil: sixteen times more.
    mutating func zoom(by factor: Int?, _ console: ConsoleState) {
        let total = max(console.totalBuckets, 1)
        let now = range(of: total).count
        let wanted = factor.map { max((now + $0 - 1) / $0, 1) } ?? now * 16
        guard wanted < total else {
            zoom = nil
            return arrange(console)
        }
        let first = min((selected - 1) / wanted * wanted + 1, total - wanted + 1)
        zoom = first...first + wanted - 1
        arrange(console)
    }

    /// The layout of the map.
    func grid(_ console: ConsoleState, _ layout: BucketsLayout) -> BucketGrid {
        BucketGrid(count: count(of: console.totalBuckets), total: console.totalBuckets, room: layout.main)
    }

    /// How many buckets are shown of a cluster with `total`.
    func count(of total: Int) -> Int { shown?.count ?? total }

    /// The bucket at a place in the grid; nil behind the end.
    func bucket(at place: Int, of total: Int) -> Int? {
        guard place >= 0, place < count(of: total) else { return nil }
        return shown.map { $0[place] } ?? place + 1
    }

    /// The place of a bucket in the grid, or of the next one shown.
    func place(of bucket: Int, of total: Int) -> Int {
        guard let shown else { return min(max(bucket - 1, 0), max(total - 1, 0)) }
        var (low, high) = (0, shown.count)
        while low < high {
            let middle = (low + high) / 2
            if shown[middle] < bucket { low = middle + 1 } else { high = middle }
        }
        return min(low, max(shown.count - 1, 0))
    }

    mutating func travel(_ step: Travel, _ console: ConsoleState) {
        let total = console.totalBuckets
        let count = count(of: total)
        guard count > 0 else { return }
        let layout = BucketsLayout(body: FrameLayout(console.size).body, form: form, count: count)
        guard form != .list else { return travelInList(step, console, layout) }
        let grid = grid(console, layout)
        let place = place(of: selected, of: total)
        let target =
            form == .map
            ? grid.place(from: place, step) : ListCursor.moved(place, step.sideways, count: count, page: 16)
        selected = bucket(at: target, of: total) ?? selected
        top = form == .map ? grid.top(from: top, place: target) : top
    }

    private mutating func travelInList(_ step: Travel, _ console: ConsoleState, _ layout: BucketsLayout) {
        let rows = listRows(console)
        let row = rows.firstIndex { $0.bucket == selected } ?? 0
        let target = ListCursor.moved(row, step, count: rows.count, page: max(layout.main.rows - 2, 1))
        if rows.indices.contains(target) { selected = rows[target].bucket }
    }

    func selection(_ console: ConsoleState) -> Selection {
        let owner = console.snapshot?.owner(of: selected)?.name ?? "none"
        return Selection(
            buckets: [selected], bucketFilter: "\(selected)",
            text: "bucket \(selected) of \(console.totalBuckets) owner \(owner)")
    }

    func filterRemark(_ console: ConsoleState) -> String {
        filterError ?? "\(count(of: console.totalBuckets)) of \(console.totalBuckets)"
    }

    func export(_ console: ConsoleState) -> Export {
        guard let snapshot = console.snapshot else { return .status }
        let total = console.totalBuckets
        let shown = (0..<count(of: total)).compactMap { bucket(at: $0, of: total) }
        return .table(
            columns: ["bucket", "owner", "draining", "adopted", "packets_per_second"],
            rows: shown.map { bucket in
                [
                    "\(bucket)", snapshot.owner(of: bucket)?.name, "\(console.facts.draining.contains(bucket))",
                    "\(console.facts.adopted.contains(bucket))",
                    console.facts.rate(of: bucket).map { "\(($0 * 10).rounded() / 10)" },
                ]
            })
    }

    func draw(_ body: Rect, _ painter: inout Painter) { painter.buckets(self, in: body) }

    /// Esc: the filter goes, then the zoom, then the marks.
    static func back(_ console: inout ConsoleState) {
        if !console.buckets.filter.isEmpty { return console.setFilter("") }
        guard console.buckets.zoom == nil else { return console.zoomBuckets(by: nil) }
        console.changeMarks { $0 = [] }
    }
}

extension ScreenID {
    static let buckets = BucketsScreen.id
}

extension ConsoleState {
    /// The Buckets screen.
    var buckets: BucketsScreen {
        get { screens[BucketsScreen.self] }
        set { screens[BucketsScreen.self] = newValue }
    }

    /// Opens the Buckets screen with a filter.
    mutating func showBuckets(_ filter: String) -> [Effect] {
        let effects = open(.buckets)
        setFilter(filter)
        return effects
    }
}

extension ConsoleState {
    /// Shows so many times fewer buckets, or, with nil, more.
    fileprivate mutating func zoomBuckets(by factor: Int?) {
        change(.buckets) { screen, console in
            guard var buckets = screen as? BucketsScreen else { return }
            buckets.zoom(by: factor, console)
            screen = buckets
        }
    }
}

extension Travel {
    /// In a picture whose columns are buckets, up and down lead further, too.
    fileprivate var sideways: Travel {
        switch self {
        case .left: .up
        case .right: .down
        default: self
        }
    }
}

extension Parameter<BucketOrder> {
    /// What the list of buckets is ordered by.
    fileprivate static let bucketOrder = choice(
        BucketOrder.allCases.map { ($0.rawValue, $0) }, of: "column", syntax: "COLUMN")
}

extension Command {
    /// Of screens whose rows are about buckets.
    static func showBuckets(of row: String, _ keys: [Key]) -> Command {
        Command(
            "show", "Show the buckets of the selected \(row)", .view, keys, footer: 5, unless: needsSnapshot
        ) {
            let filter = $0.selection.bucketFilter
            if filter.isEmpty { $0.say("this \(row) is about no bucket", .warning) }
            return filter.isEmpty ? [] : $0.showBuckets(filter)
        }
    }

    /// Everywhere.
    static let bucket = Command(
        "bucket", "Select a bucket by its number", .view, unless: Command.needsSnapshot,
        takes: Arguments(.buckets("NUMBER")) { console, buckets in
            guard let first = buckets.first(where: { _ in true }), console.totalBuckets > 0 else { return [] }
            let effects = console.open(.buckets)
            if let shown = console.buckets.shown, !shown.contains(first) { console.setFilter("") }
            console.buckets.selected = first
            return effects
        }
    ) {
        $0.ask(.command("bucket "))
        return []
    }
}
