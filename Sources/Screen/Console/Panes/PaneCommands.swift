import Canvas

extension Command {
    /// What can be done with the panes of a screen, on every screen.
    static let panes: [Command] = [
        Command("nextpane", title: "next pane", "Choose the next pane of the screen", .panes, [.character("o")]) {
            $0.takeNextPane()
            return []
        },
        Command("enlarge", "Show the chosen pane alone, or all panes again", .panes, [.character("z")]) {
            $0.enlargePane()
            return []
        },
        Command("higher", "Make the chosen pane higher", .panes, [.character("}")]) { $0.resizePane(by: 2) },
        Command("lower", "Make the chosen pane lower", .panes, [.character("{")]) { $0.resizePane(by: -2) },
        Command("hide", "Hide the chosen pane; :pane shows it again", .panes, [.character("_")]) {
            guard let pane = $0.chosenPane else { return [] }
            return $0.togglePane(pane)
        },
        Command(
            "pane", "Show or hide a pane by its name, or show all as they were", .panes,
            takes: Arguments(.pane) { console, pane in
                guard let pane else { return console.resetPanes() }
                return console.togglePane(pane)
            }
        ) {
            $0.ask(.command("pane "))
            return []
        },
    ]

    /// Of screens that have nothing else to enlarge.
    static let enlarge = Command(
        "zoom", "Show the chosen pane alone, or all panes again", .panes, [.character("+")]
    ) {
        $0.enlargePane()
        return []
    }
}

extension Parameter<PaneID?> {
    /// A pane by its name; nil: all of them.
    fileprivate static let pane = choice(
        PaneID.allCases.map { ($0.rawValue, Optional($0)) } + [("all", nil)], of: "pane", syntax: "NAME|all")
}

extension ConsoleState {
    /// The panes that are drawn, from left to right; all there are, when one of them stands alone.
    private var shownPanes: [PaneID] {
        if panes.isAlone { return PaneID.allCases.filter { !panes.settings.hidden.contains($0) } }
        return painted(self, size: size, glyphs: .unicode, collectsTargets: true).panes
    }

    /// The pane that keys are about; when there is none, it is said how one is taken.
    fileprivate var chosenPane: PaneID? {
        mutating get {
            if panes.focus == nil { say("no pane is chosen: o goes to the next one", .information) }
            return panes.focus
        }
    }

    fileprivate mutating func takeNextPane() {
        let all = shownPanes
        guard !all.isEmpty else {
            return say("at this size the screen has one pane; + shows the others, one at a time", .information)
        }
        let place = panes.focus.flatMap { all.firstIndex(of: $0) }
        let next = place.map { $0 + 1 } ?? 0
        panes.focus = next < all.count ? all[next] : panes.isAlone ? all[0] : nil
    }

    fileprivate mutating func enlargePane() {
        if panes.isAlone { return panes.isAlone = false }
        let shown = shownPanes
        if panes.focus.map({ !shown.contains($0) }) ?? true { panes.focus = shown.first ?? .graph }
        panes.isAlone = true
    }

    fileprivate mutating func resizePane(by distance: Int) -> [Effect] {
        guard let pane = chosenPane else { return [] }
        panes.settings.resize(pane, by: distance)
        return [.remember(panes.settings)]
    }

    fileprivate mutating func togglePane(_ pane: PaneID) -> [Effect] {
        panes.settings.toggle(pane)
        let isHidden = panes.settings.hidden.contains(pane)
        if isHidden, panes.focus == pane { (panes.focus, panes.isAlone) = (nil, false) }
        say(
            isHidden ? "\(pane.rawValue) is hidden; :pane \(pane.rawValue) shows it again" : "\(pane.rawValue) is shown"
        )
        return [.remember(panes.settings)]
    }

    fileprivate mutating func resetPanes() -> [Effect] {
        panes = PaneDesk()
        say("all panes are as they were built")
        return [.remember(panes.settings)]
    }
}
