/// Which time the graphs show: how much of it, and at which moment the operator looks.
struct TimeView: Hashable, Sendable {
    /// How much time a graph covers, at least.
    enum Period: CaseIterable, Sendable {
        case minute, quarter, day

        /// In words: "60 s".
        var words: String {
            switch self {
            case .minute: "60 s"
            case .quarter: "15 min"
            case .day: "24 h"
            }
        }

        /// Seconds of the whole, and of the finest that is kept of it.
        fileprivate var seconds: (whole: Int, grain: Int) {
            switch self {
            case .minute: (60, 1)
            case .quarter: (900, 5)
            case .day: (86_400, 60)
            }
        }

        /// How far a key moves the cursor, in seconds.
        var stride: Double {
            switch self {
            case .minute: 1
            case .quarter: 15
            case .day: 900
            }
        }
    }

    /// How much time is shown.
    var period = Period.minute
    /// The moment looked at, by the clock of the day; nil: now.
    var cursor: Double?

    /// The window of a graph that is so many columns wide.
    ///
    /// It stands still while time goes on through it, and then jumps by a sixth: a line to a slow terminal carries one
    /// column a second instead of the whole graph.
    func window(columns: Int, now: Double) -> TimeWindow {
        let columns = max(columns, 1)
        let (whole, grain) = period.seconds
        let step = max((whole + columns * grain - 1) / (columns * grain) * grain, grain)
        let page = max(columns / 6, 1)
        func end(_ slot: Int, ahead: Int) -> Int { ((slot + ahead) / page + 1) * page }
        let newest = Int(now) / step
        var last = end(newest, ahead: 0)
        if let cursor {
            let slot = Int(cursor) / step
            if slot < last - columns + 1 { last = min(last, end(slot, ahead: columns / 2)) }
        }
        return TimeWindow(first: Double((last - columns) * step), step: Double(step), columns: columns)
    }
}

/// The time that a graph shows, a column a step.
struct TimeWindow: Hashable, Sendable {
    /// When the first column begins, by the clock of the day.
    var first: Double
    /// Seconds a column.
    var step: Double
    var columns: Int

    /// Its last columns.
    func last(_ count: Int) -> TimeWindow {
        let left = max(columns - count, 0)
        return TimeWindow(first: time(of: left), step: step, columns: columns - left)
    }

    /// How much time it shows, in words: "60 s", "15 min".
    var words: String {
        let seconds = Int(step) * columns
        return seconds < 120 ? "\(seconds) s" : seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h"
    }

    /// When a column begins.
    func time(of column: Int) -> Double { first + Double(column) * step }

    /// The column that a time falls into; nil when it is not shown.
    func column(of time: Double) -> Int? {
        let place = ((time - first) / step).rounded(.down)
        return place >= 0 && place < Double(columns) ? Int(place) : nil
    }
}
