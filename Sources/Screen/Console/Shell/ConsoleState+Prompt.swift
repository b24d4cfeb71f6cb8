import ClusterModel

extension ConsoleState {
    /// Opens a prompt that starts with a text.
    mutating func ask(_ purpose: Prompt.Purpose, text: String = "") { prompt = Prompt(purpose, text: text) }

    /// A filter works while it is typed.
    mutating func promptChanged() {
        guard let prompt, prompt.purpose == .filter else { return }
        setFilter(prompt.line.text)
    }

    /// Filters the screen that can be filtered.
    mutating func setFilter(_ text: String) {
        switch screen {
        case .nodes:
            nodes.filter = text
            arrangeNodes()
        case .buckets:
            buckets.filter = text
            arrangeBuckets()
        default: break
        }
    }

    /// Esc: the line goes, and a filter is again what it was before.
    mutating func closePrompt(restoring: Bool) {
        guard let prompt else { return }
        self.prompt = nil
        if restoring, prompt.purpose == .filter { setFilter(prompt.previous) }
    }

    /// Enter: takes the line for what it was asked for.
    mutating func acceptPrompt() -> [Effect] {
        guard let prompt else { return [] }
        let text = prompt.line.text
        switch prompt.purpose {
        case .command:
            self.prompt = nil
            return run(text)
        case .filter: self.prompt = nil
        case .buckets: takeBuckets(text)
        case .confirmation: return confirm(text)
        }
        return []
    }

    private mutating func takeBuckets(_ text: String) {
        let text = text.filter { $0 != " " }
        do {
            plan.buckets = text.isEmpty ? [] : try BucketSet(parsing: text, total: max(totalBuckets, 1))
            plan.phase = .draft
            plan.field = .target
            if plan.target == nil { plan.target = likelyTarget(for: plan.buckets) }
            prompt = nil
        } catch {
            say("\(error)", .failure)
        }
    }

    private mutating func confirm(_ text: String) -> [Effect] {
        prompt = nil
        guard case .ready(let prepared) = plan.phase, executionObstacle == nil else { return [] }
        let word = prepared.wordToType(clusterName: clusterName)
        guard text == word else {
            say("nothing was done: \"\(text)\" is not \(word)", .warning)
            return []
        }
        return execute(prepared)
    }

    /// Starts the execution of the plan that is shown; the one way to it.
    mutating func execute(_ prepared: PreparedPlan) -> [Effect] {
        guard lock == .operate else { return [] }
        plan.phase = .executing(prepared)
        plan.isStopping = false
        plan.waiting = nil
        return [.execute(prepared.plan, forced: prepared.forcedRisks, afterwards: prepared.afterwards)]
    }
}
