import Planning

extension JournalEntry.Outcome {
    /// One word: "running", "cut off", "done", "partly", "failed", "resumed" or "undone".
    public var word: String {
        switch self {
        case .running: "running"
        case .cutOff: "cut off"
        case .ended(let ending): ending.rawValue
        case .unknown(let word): word
        }
    }
}

extension JournalEntry {
    /// When it began: "2026-11-22 14:02:31".
    public var time: String { String(started.prefix(19).map { $0 == "T" ? " " : $0 }) }

    /// What is known of it beside its title, a sentence each: its id, the reason, and what became of its steps.
    public var details: [String] {
        var details = ["\(id) on \(cluster), process \(who.pid): \(outcome.word)"]
        if let reason { details.append("why: \(reason)") }
        if let resolves { details.append("resolves \(resolves)") }
        if isUnfinished {
            details.append("c plans what completes it, u the way back; nothing is done before you have seen the plan")
        }
        if plan == nil { details.append("see `clusterip journal show \(id)`") }
        return details + steps.map(\.sentence)
    }
}

extension JournalStep {
    /// A step and what became of it: its number, a word, the time, what the node does, and why it was not done.
    public var sentence: String {
        let time = (concluded ?? intended).map { " \($0.dropFirst(11).prefix(12))" } ?? ""
        return "\(position + 1). \(word)\(time): \(words)" + (progress.failure.map { "; \($0.sentence)" } ?? "")
    }

    private var word: String {
        switch progress {
        case .waiting: "never sent"
        case .running: "perhaps sent"
        case .done, .refused, .unknown, .skipped: progress.word
        }
    }

    private var words: String {
        switch content {
        case .step(let step): step.words
        case .unknown(let purpose, let part, _):
            "\(node) does what another version of this program knows: \(purpose), \(part)"
        }
    }
}
