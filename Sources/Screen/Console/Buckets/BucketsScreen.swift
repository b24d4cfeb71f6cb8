import Canvas
import ClusterModel

/// The Buckets screen: the map of all buckets, and what is known of the selected one.
struct BucketsScreen: FilteredScreen {
    static let title = "Buckets"
    static let help = "Show the map of all buckets"

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

    static let commands: [Command] = [
        .left(), .right(), .filter,
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
                shown = (0..<total).map { $0 + 1 }.filter {
                    filter.matches($0, snapshot: snapshot, facts: facts, marks: marks)
                }
            } catch {
                filterError = error.text
            }
        }
        selected = bucket(at: place(of: selected, of: total), of: total) ?? selected
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
        let grid = BucketGrid(count: count, total: total, body: FrameLayout(console.size).body)
        let place = place(of: selected, of: total)
        let target = grid.place(from: place, step, count: count)
        selected = bucket(at: target, of: total) ?? selected
        top = grid.top(from: top, place: target, count: count)
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

    /// Esc: the filter goes, then the marks.
    static func back(_ console: inout ConsoleState) {
        if console.buckets.filter.isEmpty { console.changeMarks { $0 = [] } } else { console.setFilter("") }
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
