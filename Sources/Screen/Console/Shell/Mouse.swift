import Canvas
import ClusterModel

/// What a click on some cells does.
enum Target: Hashable, Sendable {
    /// Opens a screen.
    case screen(ScreenID)
    /// Does what a key does, such as one of the footer.
    case key(Key)
    /// Selects a row of the shown list; a second click is Enter.
    case row(Int)
    /// Selects a bucket; a second click is Enter.
    case bucket(Int)
    /// Orders the rows by a column, or turns their order round.
    case column(String)
    /// Looks at a time in all graphs.
    case time(Double)
    /// Chooses a pane; a second click shows it alone.
    case pane(PaneID)
}

extension Painter {
    /// Notes that a click into a rectangle does something; what is noted later lies above.
    mutating func target(_ rect: Rect, _ target: Target) {
        if collectsTargets, !rect.isEmpty { targets.append((rect, target)) }
    }
}

extension ConsoleState {
    /// What a click into a cell does; nil: nothing.
    func target(at point: Point) -> Target? {
        painted(self, size: size, glyphs: .unicode, collectsTargets: true).targets.last { $0.rect.contains(point) }?
            .target
    }

    /// Takes a button or the wheel.
    mutating func take(_ event: MouseEvent) -> [Effect] {
        if let overlay { return take(event, over: overlay) }
        guard prompt == nil else { return [] }
        switch event.action {
        case .wheelUp, .wheelDown:
            for _ in 0..<3 { travel(event.action == .wheelUp ? .up : .down) }
            return []
        case .drag:
            drag(to: event.point)
            return []
        case .left, .right:
            dragStart = nil
            guard let target = target(at: event.point) else { return [] }
            notice = nil
            let effects = click(target)
            if case .bucket(let bucket) = target, event.action == .left { dragStart = (bucket, marks) }
            guard event.action == .right, case .row = target else {
                if event.action == .right, case .bucket = target { return effects + press(.character(" ")) }
                return effects
            }
            return effects + press(.character(" "))
        case .release:
            dragStart = nil
            return []
        case .middle: return []
        }
    }

    /// The button is held while the mouse moves over buckets: all from the first to here are marked.
    private mutating func drag(to point: Point) {
        guard let dragStart, case .bucket(let bucket)? = target(at: point) else { return }
        let range = BucketSet(min(dragStart.bucket, bucket)...max(dragStart.bucket, bucket))
        let shown = buckets.shown.map { BucketSet($0) } ?? range
        changeMarks { $0 = dragStart.marks.union(range.intersection(shown)) }
        if screen == .buckets { buckets.selected = bucket }
        say("\(marks.count) bucket\(marks.count == 1 ? "" : "s") marked: m opens a plan for them, c forgets them")
    }

    private mutating func take(_ event: MouseEvent, over overlay: Overlay) -> [Effect] {
        if case .quitQuestion = overlay { return [] }
        switch event.action {
        case .wheelUp: return press(.up)
        case .wheelDown: return press(.down)
        case .left: return press(.escape)
        case .middle, .right, .release, .drag: return []
        }
    }

    private mutating func click(_ target: Target) -> [Effect] {
        switch target {
        case .screen(let id): return open(id)
        case .key(let key): return press(key)
        case .time(let time): look(at: time)
        case .pane(let pane):
            if panes.focus == pane { panes.isAlone.toggle() } else { panes.focus = pane }
        case .column(let name): return run("sort \(name)")
        case .row(let row):
            let isSelected = screens[screen].selectedRow == row
            if isSelected { return press(.enter) }
            change(screen) { $0.select(row: row, $1) }
        case .bucket(let bucket):
            guard screen == .buckets else { return run("bucket \(bucket)") }
            if buckets.selected == bucket { return press(.enter) }
            buckets.selected = bucket
        }
        return []
    }
}

extension Command {
    /// Turns the mouse off and on, so that the terminal's own selection can be used meanwhile.
    static let mouse = Command("mouse", "Take the mouse, or leave it to the terminal", .program) {
        $0.isMouseOn.toggle()
        $0.say($0.isMouseOn ? "the mouse is the console's" : "the mouse is the terminal's")
        return [.setMouse($0.isMouseOn)]
    }
}
