import ClusterModel
import Planning

extension ConsoleState {
    /// Runs a line typed behind `:`.
    mutating func run(_ line: String) -> [Effect] {
        var words = line.split(separator: " ").map(String.init)
        guard !words.isEmpty else { return [] }
        let name = words.removeFirst()
        guard let id = commandID(name) else {
            say("there is no command \"\(name)\": type : and Tab, or press ? for help", .failure)
            return []
        }
        if !words.isEmpty { return run(id, words, rest: words.joined(separator: " ")) }
        let here = Command.all.first { $0.id == id && $0.applies(to: screen) }
        guard let command = here ?? Command.named(id) else { return [] }
        if here == nil, let home = Screen.allCases.first(where: command.applies) { screen = home }
        if let obstacle = command.obstacle(self) {
            say(obstacle, .warning)
            return []
        }
        return perform(id)
    }

    /// The command of a name, or of a beginning that only one name has; `q` is quit.
    private func commandID(_ name: String) -> CommandID? {
        if name == "q" { return .quit }
        if let id = CommandID(rawValue: name) { return id }
        let begun = CommandID.allCases.filter { $0.rawValue.hasPrefix(name) }
        return begun.count == 1 ? begun[0] : nil
    }

    private mutating func run(_ id: CommandID, _ words: [String], rest: String) -> [Effect] {
        switch id {
        case .bucket: selectBucket(words[0])
        case .flow:
            screen = .flow
            flow.line = InputLine(rest)
            flow.isTyping = false
            flowChanged()
        case .filter:
            if screen != .nodes { screen = .buckets }
            setFilter(rest)
        case .sort:
            guard let column = NodeSort(rawValue: words[0]) else {
                say(
                    "\"\(words[0])\" is no column: \(NodeSort.allCases.map(\.rawValue).joined(separator: ", "))",
                    .failure)
                return []
            }
            screen = .nodes
            sort(by: column)
        case .theme: return [.setTheme(words[0])]
        case .export: return export(words[0])
        case .move: return planMove(words)
        case .drain, .restore, .takeover: return planAbout(id, node: rest)
        case .settle: return ask(.settle(rest))
        case .wait: chooseWait(words)
        case .rebalance: return planRebalance(words)
        default: say(":\(id.rawValue) takes nothing behind it", .failure)
        }
        return []
    }

    private mutating func export(_ name: String) -> [Effect] {
        guard let format = ExportFormat(rawValue: name) else {
            say("\"\(name)\" is no format: json, csv", .failure)
            return []
        }
        return [.export(screen, format: format)]
    }

    private mutating func selectBucket(_ text: String) {
        do {
            let set = try BucketSet(parsing: text, total: max(totalBuckets, 1))
            guard let first = set.first(where: { _ in true }), totalBuckets > 0 else { return }
            screen = .buckets
            if let shown = buckets.shown, !shown.contains(first) { setFilter("") }
            buckets.selected = first
        } catch { say("\(error)", .failure) }
    }

    private mutating func planMove(_ words: [String]) -> [Effect] {
        guard let snapshot = newest, !plan.isExecuting else {
            say(executingObstacle ?? "no node was heard yet", .warning)
            return []
        }
        guard (2...3).contains(words.count) else {
            say("write :move BUCKETS NODE [graceful|immediate|take_over], such as :move 3,7-9 node2", .failure)
            return []
        }
        guard snapshot.index(ofNode: words[1]) != nil else {
            say("no node is called \"\(words[1])\": \(snapshot.nodes.map(\.name).joined(separator: ", "))", .failure)
            return []
        }
        guard let mode = words.count == 3 ? MoveMode(rawValue: words[2]) : .graceful else {
            say("\"\(words[2])\" is no mode: graceful, immediate, take_over", .failure)
            return []
        }
        do {
            let set = try BucketSet(parsing: words[0], total: max(totalBuckets, 1))
            openPlan(set, target: words[1])
            plan.mode = mode
            return askPlan()
        } catch {
            say("\(error)", .failure)
            return []
        }
    }

    private mutating func planAbout(_ id: CommandID, node: String) -> [Effect] {
        switch id {
        case .drain: ask(.drain(node, mode: .graceful))
        case .restore: ask(.restore(node, mode: .graceful))
        default: ask(.takeOver(node, to: nil))
        }
    }

    private mutating func chooseWait(_ words: [String]) {
        if let waitObstacle { return say(waitObstacle, .warning) }
        screen = .plan
        let resets = words.count == 2 ? words[1] == "reset" : afterwards.resets
        guard words.count <= 2, words.count < 2 || ["keep", "reset"].contains(words[1]) else {
            return say("write :wait TIME [keep|reset], such as :wait 10m reset, or :wait off", .failure)
        }
        if words[0] == "off" { return choose(Afterwards()) }
        guard let seconds = Afterwards.seconds(words[0]) else {
            return say("\"\(words[0])\" is not a time: write 90s, 10m, 2h, or off", .failure)
        }
        choose(Afterwards(wait: seconds, resets: resets))
    }

    private mutating func planRebalance(_ words: [String]) -> [Effect] {
        if words == ["count"] { return ask(.rebalance(.count, mode: .graceful)) }
        if words == ["rate"] { return ask(.rebalance(.rate, mode: .graceful)) }
        var weights: [String: Double] = [:]
        for word in words {
            let parts = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let weight = Double(parts[1]) else {
                say("\"\(word)\" is not a weight: write count, rate, or NODE=NUMBER such as node1=2", .failure)
                return []
            }
            weights[parts[0]] = weight
        }
        return ask(.rebalance(.weight(weights), mode: .graceful))
    }
}
