import ClusterModel

/// What the `:` line offers while a command is typed.
enum Completion {
    /// The commands whose name begins with the first word, in the order of the help; all when nothing is typed.
    static func candidates(_ text: String) -> [Command] {
        let word = text.split(separator: " ", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        var seen = Set<CommandID>()
        return Command.all.filter { $0.id.rawValue.hasPrefix(word) && seen.insert($0.id).inserted }
    }

    /// What Tab adds to a text; "" when nothing can be added.
    static func suffix(_ text: String, state: ConsoleState) -> String {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard let last = words.last else { return "" }
        let choices = words.count == 1 ? candidates(text).map(\.id.rawValue) : arguments(words, state: state)
        guard !last.isEmpty, let first = choices.first(where: { $0.hasPrefix(last) && $0 != last }) else { return "" }
        return String(first.dropFirst(last.count))
    }

    private static func arguments(_ words: [String], state: ConsoleState) -> [String] {
        switch CommandID(rawValue: words[0]) {
        case .theme: state.themes
        case .sort: NodeSort.allCases.map(\.rawValue)
        case .export: ExportFormat.allCases.map(\.rawValue)
        case .drain, .restore, .takeover, .settle: state.shownNodes.map(\.name)
        case .rebalance: ["count", "rate"] + state.shownNodes.map { $0.name + "=" }
        case .move where words.count == 3: state.shownNodes.map(\.name)
        case .move where words.count == 4: ["graceful", "immediate", "take_over"]
        default: []
        }
    }
}
