import Canvas

extension Command {
    /// Every command, in the order of the help.
    public static let all: [Command] = screens + movement + view + change + program

    /// The command of this name.
    public static func named(_ id: CommandID) -> Command? { all.first { $0.id == id } }

    private static let screens: [Command] = [
        Command(.nodes, "nodes", "Show all nodes", .screens, [.character("1")]),
        Command(.buckets, "buckets", "Show the map of all buckets", .screens, [.character("2")]),
        Command(
            .flow, "flow", "Show who answers a flow", .screens, [.character("3")],
            argument: "[tcp SOURCE:PORT [DEST:PORT]]"),
        Command(.plan, "plan", "Show the plan being made or executed", .screens, [.character("4")]),
        Command(.journal, "journal", "Show what was changed before", .screens, [.character("5")]),
        Command(.findings, "findings", "Show what is wrong or odd", .screens, [.character("6")]),
        Command(.next, "next screen", "Go to the next screen", .screens, [.tab]),
        Command(.previous, "previous screen", "Go to the previous screen", .screens, [.backTab]),
    ]

    private static let movement: [Command] = [
        Command(.up, "up", "One row up", .movement, [.up, .character("k")]),
        Command(.down, "down", "One row down", .movement, [.down, .character("j")]),
        Command(
            .left, "left", "One cell left, or the value before", .movement, [.left, .character("h")],
            on: [.buckets, .plan]),
        Command(
            .right, "right", "One cell right, or the next value", .movement, [.right, .character("l")],
            on: [.buckets, .plan]),
        Command(.pageup, "page up", "One page up", .movement, [.pageUp, .ctrl("b")]),
        Command(.pagedown, "page down", "One page down", .movement, [.pageDown, .ctrl("f")]),
        Command(.top, "first", "To the first row", .movement, [.home, .character("g")]),
        Command(.bottom, "last", "To the last row", .movement, [.end, .character("G")]),
    ]

    private static let view: [Command] = [
        Command(
            .filter, "filter", "Show only what matches; !word inverts, Esc shows all", .view,
            [.character("/")], on: [.nodes, .buckets], argument: "[WORDS]", footer: 4),
        Command(
            .sort, "sort", "Order the nodes by the next column", .view, [.character("s")], on: [.nodes],
            argument: "[COLUMN]", footer: 6),
        Command(.reverse, "reverse", "Turn the order round", .view, [.character("S")], on: [.nodes]),
        Command(
            .list, "list", "Write owned buckets as a list, or draw them as a strip", .view, [.character("b")],
            on: [.nodes]),
        Command(
            .show, "show", "Show the buckets of the selected node or finding", .view, [.enter],
            on: [.nodes, .findings],
            footer: 5, obstacle: needsSnapshot),
        Command(
            .bucket, "bucket", "Select a bucket by its number", .view, [], argument: "NUMBER", obstacle: needsSnapshot),
        Command(
            .edit, "type", "Type a flow, or the buckets of the plan", .view, [.character("i"), .enter], on: [.flow],
            footer: 1),
        Command(
            .ask, "ask nodes", "Ask every node's connection tracking for the flow", .view,
            [.character("a")], on: [.flow], footer: 2, obstacle: { $0.flowVerdict == nil ? "type a flow first" : nil }),
        Command(
            .freeze, "freeze", "Keep the screen as it is, or go on", .view, [.character("f")], on: [], footer: 7,
            obstacle: needsSnapshot),
        Command(.refresh, "refresh", "Ask every node now", .view, [.character("r")]),
        Command(.copy, "copy", "Copy what is selected into the clipboard", .view, [.character("y")], footer: 8),
        Command(
            .export, "export", "Write what the screen shows into a file", .view, [.character("e")],
            argument: "[json|csv]",
            obstacle: needsSnapshot),
    ]

    private static let change: [Command] = [
        Command(
            .mark, "mark", "Mark the bucket, or all buckets of the node, for a plan", .change, [.character(" ")],
            on: [.nodes, .buckets], footer: 3, obstacle: needsSnapshot),
        Command(
            .markall, "mark all", "Mark every bucket that is shown", .change, [.character("a")], on: [.buckets],
            obstacle: needsSnapshot),
        Command(.clearmarks, "clear marks", "Forget all marks", .change, [.character("c")], on: [.nodes, .buckets]),
        Command(
            .move, "move", "Open a plan for the marked buckets, or for the selected one", .change, [.character("m")],
            on: [.nodes, .buckets], argument: "BUCKETS NODE [graceful|immediate|take_over]", footer: 2,
            obstacle: needsIdlePlan),
        Command(
            .drain, "drain", "Plan to take all buckets from the selected node", .change, [.character("d")],
            on: [.nodes], argument: "[NODE]", footer: 3, obstacle: needsIdlePlan),
        Command(
            .restore, "restore", "Plan to give the selected node its fair share back", .change, [.character("R")],
            on: [.nodes], argument: "[NODE]", obstacle: needsIdlePlan),
        Command(
            .takeover, "take over", "Plan to claim the selected node's buckets: it is dead", .change, [],
            on: [.nodes], argument: "[NODE]", obstacle: needsIdlePlan),
        Command(
            .repair, "repair", "Plan one owner for every bucket that has none or several", .change, [],
            obstacle: needsIdlePlan),
        Command(
            .rebalance, "rebalance", "Plan to spread the load fairly, with the fewest moves", .change, [],
            argument: "[count|rate|NODE=WEIGHT ...]", obstacle: needsIdlePlan),
        Command(
            .settle, "settle", "Plan to end draining and adopting that moves left behind", .change, [],
            argument: "[NODE]", obstacle: needsIdlePlan),
        Command(
            .edit, "type buckets", "Type the buckets of the plan", .change, [.character("i")], on: [.plan], footer: 3,
            obstacle: needsIdlePlan),
        Command(
            .preview, "show plan", "Work out the plan and show it; nothing is changed", .change, [.enter], on: [.plan],
            footer: 2, obstacle: { $0.draftObstacle }),
        Command(
            .execute, "execute", "Execute the plan that is shown", .change, [.character("Y")], on: [.plan], footer: 1,
            obstacle: { $0.executionObstacle }),
        Command(
            .wait, "wait", "Wait, after the plan, for kept connections to end",
            .change, [.character("w")], on: [.plan], argument: "TIME|off [keep|reset]", footer: 6,
            obstacle: { $0.waitObstacle }),
        Command(
            .then, "then", "Keep or reset connections that are left after the wait", .change,
            [.character("t")], on: [.plan], footer: 7, obstacle: { $0.deadlineObstacle }),
        Command(.cancel, "back", "Go back: close the filter, the plan or its result", .change, [.escape], footer: 9),
        Command(
            .stop, "stop", "Stop after the running step, or end the wait", .change, [.character("x")],
            on: [.plan],
            footer: 1,
            obstacle: { $0.plan.isExecuting ? nil : "no plan is being executed" }),
        Command(
            .undo, "undo", "Open the plan that takes the finished or selected one back", .change, [.character("u")],
            on: [.plan, .journal], footer: 4, obstacle: { $0.undoObstacle }),
        Command(
            .finish, "finish", "Open the plan that completes the one that was cut off", .change, [.character("c")],
            on: [.plan, .journal], footer: 3, obstacle: { $0.finishObstacle }),
        Command(.unlock, "unlock", "Allow plans to be executed", .change, []),
        Command(.lock, "lock", "Forbid plans to be executed", .change, []),
    ]

    private static let program: [Command] = [
        Command(.help, "help", "Show the keys of this screen", .program, [.character("?"), .function(1)], footer: 1),
        Command(
            .command, "command", "Type a command, Tab completes", .program, [.character(":"), .ctrl("p")], footer: 5),
        Command(
            .theme, "theme", "Use the next theme, or the named one", .program, [.character("T")], argument: "[NAME]"),
        Command(.repaint, "repaint", "Draw the whole screen again", .program, [.ctrl("l")]),
        Command(.suspend, "suspend", "Leave the console running in the background", .program, [.ctrl("z")]),
        Command(
            .quit, "quit", "Leave; asks while a plan is executed", .program, [.character("q"), .ctrl("c")], footer: 2),
    ]

    private static let needsSnapshot: @Sendable (ConsoleState) -> String? = {
        $0.snapshot == nil ? "no node was heard yet" : nil
    }

    private static let needsIdlePlan: @Sendable (ConsoleState) -> String? = {
        if let reason = $0.executingObstacle { return reason }
        return $0.snapshot == nil ? "no node was heard yet" : nil
    }
}
