import Canvas
import ClusterModel
import Planning

/// The commands that mark buckets and open a plan, from whichever screen lists them.
extension Command {
    static let mark = Command(
        "mark", "Mark the bucket, or all buckets of the node, for a plan", .change, [.character(" ")], footer: 3,
        unless: needsSnapshot
    ) {
        $0.markSelection()
        return []
    }

    static let clearMarks = Command("clearmarks", title: "clear marks", "Forget all marks", .change, [.character("c")])
    {
        $0.changeMarks { $0 = [] }
        return []
    }

    static let move = Command(
        "move", "Plan a move of the marked, selected or typed buckets", .change, [.character("m")], footer: 2,
        unless: needsIdlePlan,
        takes: Arguments(.buckets(), .node, .optional(.mode)) { console, buckets, node, mode in
            console.openPlan(buckets, target: node)
            console.plan.mode = mode ?? .graceful
            return console.ask(.move(buckets, to: node, mode: console.plan.mode))
        }
    ) {
        $0.moveSelected()
        return []
    }

    static let drain = about(
        "drain", "Plan to take all buckets from the selected node", [.character("d")], footer: 3,
        takes: Arguments(.node, .optional(.drainMode)) { $0.ask(.drain($1, mode: $2 ?? .graceful)) }
    ) { .drain($1, mode: .graceful) }

    static let restore = about(
        "restore", "Plan to give the selected node what it had before", [.character("R")],
        takes: Arguments(.node) { $0.ask(.restore($1, mode: .graceful)) }
    ) { .restore($1, mode: .graceful) }

    static let takeOver = about(
        "takeover", title: "take over", "Plan to claim the selected node's buckets: it is dead",
        [.character("t")], footer: 2,
        isOffered: { console in
            console.shownNodes.contains { $0.state == .unreachable }
        },
        takes: Arguments(.node) { $0.ask(.takeOver($1, to: nil)) }
    ) { console, node in .takeOver(console.lostNode(insteadOf: node), to: nil) }

    /// A command about the selected node, or the named one.
    private static func about(
        _ name: String, title: String? = nil, _ help: String, _ keys: [Key], footer: Int? = nil,
        isOffered: (@Sendable (ConsoleState) -> Bool)? = nil, takes arguments: Arguments,
        request: @escaping @Sendable (ConsoleState, String) -> PlanRequest
    ) -> Command {
        Command(
            name, title: title, help, .change, keys, footer: footer, unless: needsIdlePlan, isOffered: isOffered,
            takes: arguments.optional
        ) { console in
            let state = console
            return console.askOfSelected(name) { request(state, $0) }
        }
    }

    /// The plans that every screen offers, in the order of the help.
    static let plans: [Command] = [repair, rebalance, settle, adopt, join, leave, reinstall, resize]

    static let repair = Command(
        "repair", "Plan one owner for every bucket that has none or several", .change, unless: needsIdlePlan
    ) { $0.ask(.repair) }

    static let rebalance = Command(
        "rebalance", "Plan to spread the load fairly, with the fewest moves", .change, unless: needsIdlePlan,
        takes: Arguments(.measure) { $0.ask(.rebalance($1, mode: .graceful)) }.optional
    ) { $0.ask(.rebalance(.count, mode: .graceful)) }

    static let settle = Command(
        "settle", "Plan to end draining and adopting that moves left behind", .change, unless: needsIdlePlan,
        takes: Arguments(.node) { $0.ask(.finalize($1)) }.optional
    ) { $0.ask(.finalize(nil)) }

    static let adopt = Command(
        "adopt", "Plan to let in connections that a node has forgotten", .change, unless: needsIdlePlan,
        takes: Arguments(.node) { $0.ask(.adopt($1)) }.optional
    ) { $0.ask(.adopt(nil)) }

    static let join = Command(
        "join", "Plan to make a node a member, owning nothing at first", .change, unless: needsIdlePlan,
        takes: Arguments(.node) { $0.ask(.join($1, interface: nil)) }.optional
    ) { console in console.askOfSelected("join") { .join($0, interface: nil) } }

    static let leave = Command(
        "leave", "Plan to end the membership of a node that owns nothing", .change, unless: needsIdlePlan,
        takes: Arguments(.node) { $0.ask(.leave($1)) }.optional
    ) { console in console.askOfSelected("leave") { .leave($0) } }

    static let reinstall = Command(
        "reinstall", "Plan to make a node's table anew; it keeps what it owns", .change, unless: needsIdlePlan,
        takes: Arguments(.node) { $0.ask(.reinstall($1, interface: nil)) }.optional
    ) { console in console.askOfSelected("reinstall") { .reinstall($0, interface: nil) } }

    static let resize = Command(
        "resize", "Plan to divide or unite buckets; no flow changes its node", .change, unless: needsIdlePlan,
        takes: Arguments(.bucketCount) { $0.ask(.resize($1)) }
    ) { console in
        console.say("write :resize NUMBER, a multiple or a divisor of the buckets there are", .warning)
        return []
    }

    static let undo = Command(
        "undo", "Open the plan that takes the last or the selected one back", .change, [.character("u")], footer: 4,
        unless: { $0.undoObstacle }
    ) { console in console.undoable.map { console.recover(.undo($0)) } ?? [] }

    static let finish = Command(
        "finish", "Open the plan that completes the one that was cut off", .change, [.character("c")], footer: 3,
        unless: { $0.finishObstacle }
    ) { console in console.undoable.map { console.recover(.finish($0)) } ?? [] }
}

extension Parameter<Measure> {
    /// What is spread evenly: "count", "rate", or weights of nodes such as "node1=2 node2=0.5".
    fileprivate static let measure = Self(
        "count|rate|NODE=WEIGHT ...", choices: { ["count", "rate"] + $0.shownNodes.map { $0.name + "=" } }
    ) { words, _ throws(ArgumentError) in
        defer { words = [] }
        if words.elementsEqual(["count"]) { return .count }
        if words.elementsEqual(["rate"]) { return .rate }
        var weights: [String: Double] = [:]
        for word in words {
            let parts = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let weight = Double(parts[1]) else {
                throw ArgumentError("\"\(word)\" is not a weight: write count, rate, or NODE=NUMBER such as node1=2")
            }
            weights[parts[0]] = weight
        }
        return .weight(weights)
    }
}

extension Parameter<Double?> {
    /// How long connections are waited for, in seconds; nil: not at all.
    static let wait = word("TIME|off", choices: { _ in ["off", "1m", "10m", "1h"] }) { word, _ throws(ArgumentError) in
        if word == "off" { return nil }
        guard let seconds = Afterwards.seconds(word) else {
            throw ArgumentError("\"\(word)\" is not a time: write 90s, 10m, 2h, or off")
        }
        return seconds
    }
}

extension Parameter<Bool> {
    /// Whether connections that are left after the wait are reset.
    static let rest = choice([("keep", false), ("reset", true)], of: "word for the rest")
}

extension Parameter<Int> {
    /// A number of buckets.
    fileprivate static let bucketCount = word(
        "NUMBER",
        choices: { console in
            let now = console.newest?.configuration.bucketCount ?? 1
            return [now * 2, now * 4].map(String.init)
        }
    ) { word, _ throws(ArgumentError) in
        guard let number = Int(word), (1...BucketSet.maximumBucket).contains(number) else {
            throw ArgumentError("\"\(word)\" is not a number of buckets: write 1 to \(BucketSet.maximumBucket)")
        }
        return number
    }
}

extension ConsoleState {
    /// Asks for the plan of a request about the selected node.
    fileprivate mutating func askOfSelected(_ name: String, _ request: (String) -> PlanRequest) -> [Effect] {
        if let node = selection.node { return ask(request(node)) }
        say("no node is selected: write :\(name) NODE", .warning)
        return []
    }

    /// The only node that is not heard, when the selected one is; of several the operator selects one.
    fileprivate func lostNode(insteadOf name: String) -> String {
        let lost = shownNodes.filter { $0.state == .unreachable }.map(\.name)
        return lost.count == 1 && !lost.contains(name) ? lost[0] : name
    }

    /// Buckets that were typed for a node: their plan.
    fileprivate mutating func moveTyped(_ prompt: Prompt, to node: String) -> [Effect] {
        let text = prompt.text.filter { $0 != " " }
        do {
            let buckets = try BucketSet(parsing: text, total: max(totalBuckets, 1))
            openPlan(buckets, target: node)
            return ask(.move(buckets, to: node, mode: plan.mode))
        } catch {
            self.prompt = prompt
            say("\(error)", .failure)
            return []
        }
    }

    /// The buckets the operator marked; a plan is made of them.
    var marks: BucketSet {
        get { plan.buckets }
        set { plan.buckets = newValue }
    }

    /// Changes the marks, unless a plan is shown or executed that was made of them.
    mutating func changeMarks(_ change: (inout BucketSet) -> Void) {
        guard plan.phase.prepared == nil else {
            return say(executingObstacle ?? "a plan is shown on screen 4: close it with Esc first", .warning)
        }
        change(&marks)
        if plan.phase != .planning { plan.phase = .draft }
        if buckets.filter.contains("marked") { self.change(.buckets) { $0.arrange($1) } }
    }

    /// Marks what is selected, or takes the marks away when all of it is marked.
    fileprivate mutating func markSelection() {
        let (selected, node) = (selection.buckets, selection.node)
        guard !selected.isEmpty else { return say("\(node ?? "what is selected") owns no bucket", .warning) }
        changeMarks { $0 = selected.isSubset(of: $0) ? $0.subtracting(selected) : $0.union(selected) }
        if plan.phase.prepared == nil { travel(.right) }
    }

    /// `m`: the marked buckets to the selected node, or the marked or selected ones to a node that is chosen then.
    fileprivate mutating func moveSelected() {
        let selection = selection
        guard plan.phase.prepared == nil || plan.isOver else {
            screen = .plan
            return
        }
        if let node = selection.node, marks.isEmpty { return ask(.buckets(for: node)) }
        openPlan(marks.isEmpty ? selection.buckets : marks, target: selection.node)
    }

    /// Opens the Plan screen for some buckets; a plan that was shown is given up.
    fileprivate mutating func openPlan(_ buckets: BucketSet, target: String?) {
        plan.phase = .draft
        plan.buckets = buckets
        plan.target = target ?? likelyTarget(for: buckets)
        planScreen = PlanScreen(field: .target)
        screen = .plan
    }

    /// The first live node that does not have all of the buckets already.
    func likelyTarget(for buckets: BucketSet) -> String? {
        newest?.nodes.first { $0.state == .live && !buckets.isSubset(of: $0.ownership.accepting) }?.name
    }

    /// Asks for the plan of a request, unless another plan is shown or executed.
    mutating func ask(_ request: PlanRequest) -> [Effect] { openPlan(for: .requested(request), .plan(request)) }

    /// Asks for what completes an earlier plan or takes it back, unless another plan is shown or executed.
    mutating func recover(_ request: RecoveryRequest) -> [Effect] { openPlan(for: request.kind, .recover(request)) }

    private mutating func openPlan(for kind: PlanKind, _ effect: Effect) -> [Effect] {
        screen = .plan
        guard newest != nil, plan.phase.prepared == nil || plan.isOver else {
            let shown = executingObstacle ?? "close the plan that is shown first, with Esc"
            say(newest == nil ? "no node was heard yet" : shown, .warning)
            return []
        }
        plan.awaited = kind
        plan.phase = .planning
        planScreen.scroll = nil
        return [effect]
    }
}

extension Prompt {
    /// The buckets that a node is to get.
    fileprivate static func buckets(for node: String) -> Prompt {
        Prompt(label: { _ in " buckets to \(node): " }) { text, _ in
            text.isEmpty ? "3,7-9" : ""
        } accepted: {
            $0.moveTyped($1, to: node)
        }
    }
}
