import Canvas
import ClusterModel
import Responsibility

/// Draws the state: the picture, and where the terminal's cursor stands (nil: hidden).
///
/// Pure, and defined at every size: what matters least is left out first.
public func render(_ state: ConsoleState, size: Size, glyphs: GlyphSet) -> (Canvas, cursor: Point?) {
    let painter = painted(state, size: size, glyphs: glyphs)
    // At sizes that leave no room for an input line there is no place for its cursor either.
    let cursor = painter.cursor.flatMap { Rect(size).contains($0) ? $0 : nil }
    return (painter.canvas, cursor)
}

/// The state as it is drawn, and what a click does where that is wanted.
func painted(_ state: ConsoleState, size: Size, glyphs: GlyphSet, collectsTargets: Bool = false) -> Painter {
    let layout = FrameLayout(size)
    var painter = Painter(state, size: size, glyphs: glyphs, collectsTargets: collectsTargets)
    painter.title(layout.title)
    painter.facts(layout.facts)
    painter.tabs(layout.tabs)
    if let pane = state.panes.alone {
        painter.pane(pane, in: layout.body)
    } else {
        state.screens[state.screen].draw(layout.body, &painter)
    }
    if state.isSilent {
        painter.canvas.add(.dim, to: layout.facts)
        painter.canvas.add(.dim, to: layout.body)
    }
    painter.footer(layout.footer, above: layout.body)
    if let overlay = state.overlay { painter.overlay(overlay, in: Rect(size)) }
    return painter
}

/// Where the parts of every screen lie; what matters least goes first when rows get few.
struct FrameLayout: Hashable, Sendable {
    /// The first row: name, address, badges.
    var title: Rect
    /// The second row: settings and coverage.
    var facts: Rect
    /// The row of tabs.
    var tabs: Rect
    /// The screen itself.
    var body: Rect
    /// The last row: keys, a notice or a prompt.
    var footer: Rect

    init(_ size: Size) {
        var rest = Rect(size)
        let rows = rest.rows
        (rest, footer) = rest.splitBottom(rows >= 3 ? 1 : 0)
        (title, rest) = rest.splitTop(rows >= 2 ? 1 : 0)
        (facts, rest) = rest.splitTop(rows >= 9 ? 1 : 0)
        (tabs, rest) = rest.splitTop(rows >= 7 ? 1 : 0)
        body = rest
    }
}

extension Painter {
    /// The first row: what cluster this is, and in what mood the console is.
    mutating func title(_ rect: Rect) {
        guard !rect.isEmpty else { return }
        canvas.fill(rect, Style(.bar, surface: .bar))
        let badges = [lockBadge, hearingBadge]
        var end = rect.maxColumn
        for (text, scope) in badges.reversed() {
            let width = displayWidth(of: text)
            guard end - width - 1 >= rect.column + 12 || rect.columns < 24 && end == rect.maxColumn else { continue }
            end -= width
            canvas.put(
                text, at: Point(column: end, row: rect.row), style: Style(scope, surface: .bar, attributes: .bold))
            end -= 1
        }
        var runs: [(text: String, style: Style)] = [
            (" clusterip ", Style(.bar, surface: .bar, attributes: .bold)),
            ("\(state.clusterName)  ", Style(.title, surface: .bar, attributes: .bold)),
        ]
        if rect.columns < 40 { runs.removeFirst() }
        if let snapshot = state.snapshot {
            let settings = snapshot.configuration
            runs.append(("\(settings.address)/\(settings.prefixLength)  ", Style(.value, surface: .bar)))
            runs.append(("\(settings.interface)  \(settings.mac.text)", Style(.textDim, surface: .bar)))
        }
        canvas.put(runs, at: rect.origin, limit: max(end - rect.column, 0))
    }

    private var lockBadge: (String, Scope) {
        switch state.lock {
        case .operate:
            (state.lockTime.map { " OPERATE \(DrainLine.clock($0 - state.now)) " } ?? " OPERATE ", .badgeOperate)
        case .locked: (" LOCKED ", .badgeLocked)
        case .readOnly: (" READ-ONLY ", .badgeLocked)
        }
    }

    /// LIVE when every node is heard in time; how many are when not.
    private var hearingBadge: (String, Scope) {
        if state.isFrozen { return (" FROZEN ", .badgeFrozen) }
        if let time = state.view.cursor { return (" AT \(state.clock.time(time)) ", .badgeFrozen) }
        guard let time = state.snapshotTime else { return (" CONNECTING ", .badgeStale) }
        if state.isSilent { return (" STALE \(Units.age(state.now - time)) ", .badgeStale) }
        let nodes = state.shownNodes
        let live = nodes.reduce(0) { $0 + ($1.state == .live ? 1 : 0) }
        if live < nodes.count { return (" LIVE \(live)/\(nodes.count) ", .badgeStale) }
        return (" LIVE ", Headline(state).level == .critical ? .badgeStale : .badgeLive)
    }

    /// The second row: whether every bucket is answered, how flows are placed, and what the cluster does.
    mutating func facts(_ rect: Rect) {
        guard !rect.isEmpty else { return }
        let inner = rect.inset(1, 0)
        let headline = Headline(state)
        var total = ""
        if state.snapshot != nil, let accepted = state.facts.accepted {
            let packets = Pad.right(Units.short(accepted.packetsPerSecond), 5)
            // Where some nodes do not count, it is at least so much.
            total = state.facts.uncounted.isEmpty ? "" : "at least "
            total += "\(packets) pps \(Pad.right(Units.bits(accepted.bitsPerSecond), 11))"
        }
        // What is wrong goes before numbers, and numbers before how flows are placed.
        let all = headline.choices
        let room = inner.columns - total.count - 5
        let beside = all.first { displayWidth(of: $0) <= room }
        let isAlone = beside == nil || headline.level == .critical && beside == all.last && all.count > 1
        let words =
            isAlone ? all.first { displayWidth(of: $0) <= inner.columns - 2 } ?? all[all.count - 1] : beside ?? ""
        let used = canvas.putClipped(
            "\(glyphs.sign(headline.level)) \(words)", at: inner.origin, limit: inner.columns,
            style: Style(headline.level.scope, attributes: .bold))
        guard let settings = state.snapshot?.configuration, inner.columns - used > total.count + 3 else { return }
        canvas.put(total, in: inner, alignment: .right, style: Style(.value))
        let short = "N \(settings.bucketCount)  seed \(settings.scheme.seedText)"
        let rest = inner.columns - used - total.count - 5
        let choices = ["\(settings.scheme.name)  \(short)", short]
        guard let text = choices.first(where: { $0.count <= rest }) else { return }
        canvas.put(text, at: Point(column: inner.column + used + 3, row: inner.row), style: Style(.textDim))
    }

    /// The row of tabs.
    mutating func tabs(_ rect: Rect) {
        guard !rect.isEmpty else { return }
        var column = rect.column + 1
        let badges = allScreens.map { state.screens[$0.id].badge(state, glyphs) }
        let whole = zip(allScreens, badges).reduce(2) { sum, next in
            sum + next.0.title.count + 4 + (next.1.map { displayWidth(of: $0.text) + 1 } ?? 0)
        }
        let isTight = rect.columns < whole
        let isShort = rect.columns < whole - allScreens.count + 1
        for (index, screen) in allScreens.enumerated() {
            let isHere = screen.id == state.screen
            let badge = badges[index]
            let surface: Scope = isHere ? .selection : .background
            let name = isShort && !isHere ? "" : " \(screen.title)"
            var runs: [(text: String, style: Style)] = [
                (" \((index + 1) % 10)", Style(isHere ? .selection : .footerKey, surface: surface, attributes: .bold)),
                ("\(name)\(badge == nil && !isTight ? " " : "")", Style(isHere ? .selection : .text, surface: surface)),
            ]
            if let badge { runs.append((" \(badge.text) ", Style(badge.scope, surface: surface, attributes: .bold))) }
            let used = canvas.put(runs, at: Point(column: column, row: rect.row), limit: rect.maxColumn - column)
            target(Rect(column: column, row: rect.row, columns: used, rows: 1), .screen(screen.id))
            column += used
        }
    }
}
