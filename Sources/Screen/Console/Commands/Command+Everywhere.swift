import Canvas

extension Command {
    /// The commands that apply on every screen.
    static let everywhere: [Command] = screens + clusters + movement + view + time + panes + plans + changes + program

    /// One command a screen, by its place among them, and the ways from one to the next.
    private static let screens: [Command] =
        allScreens.enumerated().map { index, screen in
            let key = Character("\((index + 1) % 10)")
            return Command(
                screen.title.lowercased(), screen.help, .screens, [.character(key)], takes: screen.arguments
            ) { $0.open(screen.id) }
        } + [
            Command("next", title: "next screen", "Go to the next screen", .screens, [.tab]) { $0.open(next: 1) },
            Command("previous", title: "previous screen", "Go to the previous screen", .screens, [.backTab]) {
                $0.open(next: -1)
            },
        ]

    private static let movement: [Command] = [
        travel("up", "One row up", [.up, .character("k")], .up),
        travel("down", "One row down", [.down, .character("j")], .down),
        travel("pageup", "One page up", [.pageUp, .ctrl("b")], .pageUp),
        travel("pagedown", "One page down", [.pageDown, .ctrl("f")], .pageDown),
        travel("top", "To the first row", [.home, .character("g")], .top),
        travel("bottom", "To the last row", [.end, .character("G")], .bottom),
    ]

    /// Of screens that have columns, or values to choose from.
    static func left(_ action: Action? = nil) -> Command {
        travel("left", "One cell left, or the value before", [.left, .character("h")], .left, action)
    }

    /// Of screens that have columns, or values to choose from.
    static func right(_ action: Action? = nil) -> Command {
        travel("right", "One cell right, or the next value", [.right, .character("l")], .right, action)
    }

    private static func travel(
        _ name: String, _ help: String, _ keys: [Key], _ step: Travel, _ action: Action? = nil
    ) -> Command {
        Command(
            name, help, .movement, keys,
            action: action ?? {
                $0.travel(step)
                return []
            })
    }

    static let filter = Command(
        "filter", "Show only what matches; !word inverts, Esc shows all", .view, [.character("/")], footer: 4,
        unless: { $0.screens[$0.screen] is any FilteredScreen ? nil : "this screen has no rows to filter" },
        takes: Arguments(.text("WORDS")) {
            $0.setFilter($1)
            return []
        }.optional
    ) {
        $0.ask(.filter($0))
        return []
    }

    private static let view: [Command] = [
        .filter, .bucket,
        Command(
            "freeze", "Keep the screen as it is, or go on", .view, [.character("f")], footer: 7, unless: needsSnapshot
        ) {
            $0.toggleFreeze()
            return []
        },
        Command("refresh", "Ask every node now", .view, [.character("r")]) { _ in [.refresh] },
        Command("copy", "Copy what is selected into the clipboard", .view, [.character("y")], footer: 8) {
            let text = safeText($0.selection.text)
            $0.say("copied: \(text)")
            return [.copy(text)]
        },
        Command(
            "export", "Write what the screen shows into a file", .view, [.character("e")], unless: needsSnapshot,
            takes: Arguments(.format) { $0.export(as: $1) }.optional
        ) { $0.export(as: .json) },
    ]

    private static let changes: [Command] = [
        .undo,
        Command(
            "cancel", title: "back", "Go back: close the filter, the plan or its result", .change, [.escape], footer: 9
        ) {
            $0.goBack()
            return []
        },
        Command("unlock", "Allow plans to be executed", .change) {
            $0.unlock()
            return []
        },
        Command(
            "operate", title: "unlock", "Allow plans to be executed for ten minutes, or forbid it", .change,
            [.character("U")]
        ) {
            $0.unlockForAWhile()
            return []
        },
        Command("lock", "Forbid plans to be executed", .change) {
            $0.relock()
            return []
        },
    ]

    private static let program: [Command] = [
        Command(
            "help", "Show the keys, words and signs of this screen", .program, [.character("?"), .function(1)],
            footer: 1
        ) {
            $0.overlay = .help(HelpView())
            return []
        },
        Command("command", "Type a command, Tab completes", .program, [.character(":"), .ctrl("p")], footer: 5) {
            $0.ask(.command())
            return []
        },
        Command(
            "theme", "Choose a theme by looking at each, or use the named one", .program, [.character("T")],
            takes: Arguments(.theme) { console, name in
                console.say("the theme is \(name)")
                return [.setTheme(name)]
            }.optional
        ) { $0.chooseTheme() },
        .mouse,
        Command("repaint", "Draw the whole screen again", .program, [.ctrl("l")]) { _ in [.repaint] },
        Command("suspend", "Stop the console, not the cluster, until fg continues it", .program, [.ctrl("z")]) { _ in
            [.suspend]
        },
        Command("quit", "Leave; asks while a plan is executed", .program, [.character("q"), .ctrl("c")], footer: 2) {
            $0.quit()
        },
    ]
}

extension Parameter<String> {
    /// The name of a theme, or its file.
    fileprivate static let theme = word("NAME", choices: { $0.themes }) { word, _ in word }
}

extension ConsoleState {
    /// Opens the screen so many places further, from the last on at the first again.
    fileprivate mutating func open(next distance: Int) -> [Effect] {
        let index = allScreens.firstIndex { $0.id == screen } ?? 0
        return open(allScreens[(index + distance + allScreens.count) % allScreens.count].id)
    }

    /// Moves the selection of the screen.
    mutating func travel(_ step: Travel) { change(screen) { $0.travel(step, $1) } }

    fileprivate mutating func toggleFreeze() {
        isFrozen.toggle()
        if !isFrozen, let newest = unseen {
            unseen = nil
            show(newest)
        }
    }

    fileprivate func export(as format: ExportFormat) -> [Effect] {
        [.export(screens[screen].export(self), name: screen.title.lowercased(), format: format)]
    }

    /// Esc takes one thing away at a time.
    fileprivate mutating func goBack() {
        if panes.isAlone { return panes.isAlone = false }
        if view.cursor != nil { return view.cursor = nil }
        if panes.focus != nil { return panes.focus = nil }
        allScreens.first { $0.id == screen }?.back(&self)
    }

    fileprivate mutating func unlock() {
        if case .readOnly = lock { return say(lock.reason ?? "", .warning) }
        (lock, lockTime) = (.operate, nil)
        say("unlocked: plans can be executed; :lock forbids it again", .warning)
    }

    fileprivate mutating func unlockForAWhile() {
        if lock == .operate { return relock() }
        unlock()
        guard lock == .operate else { return }
        lockTime = now + 600
        say("unlocked for ten minutes; U or :lock forbids it again", .warning)
    }

    /// Forbids plans to be executed.
    mutating func relock() {
        if lock == .operate { lock = .locked }
        lockTime = nil
    }

    /// Leaves, unless a plan is being executed; then it asks first.
    mutating func quit() -> [Effect] {
        guard plan.isExecuting else { return [.quit] }
        overlay = .quitQuestion
        return []
    }
}
