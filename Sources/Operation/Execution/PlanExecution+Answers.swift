import AgentProtocol
import ClusterModel
import Planning

extension PlanExecution {
    /// Takes the answer to a question.
    public mutating func answered(_ question: Question, _ result: Result<AgentResult, AgentFailure>) -> [Action] {
        switch question {
        case .authors(let node): answeredAuthors(node, result)
        case .connections(let node): answeredConnections(node, result)
        }
    }

    private mutating func answeredAuthors(_ node: String, _ result: Result<AgentResult, AgentFailure>) -> [Action] {
        guard let attempt = unasked[node] else { return [] }
        switch result {
        case .success(.operations(let operations)):
            authors[node] = operations
            unasked[node] = nil
            guard unasked.isEmpty else { return [] }
            for index in entries.indices { expectAuthors(index, authors) }
            return advance()
        case .failure(let failure) where failure.leavesOutcomeUnknown && attempt < Self.attempts:
            unasked[node] = attempt + 1
            return [.wake(.ask(.authors(node)), after: Self.pause(attempt))]
        default:
            var reason = "it answered something else"
            if case .failure(let failure) = result { reason = failure.message }
            unasked = [:]
            for index in entries.indices {
                entries[index].state = .skipped("nothing was begun, because \(node) cannot be asked: \(reason)")
            }
            return advance()
        }
    }

    /// Fills in who must have written what the releases and the guards find.
    mutating func expectAuthors(_ index: Int, _ authors: [String: [Int: String]]) {
        let entry = entries[index]
        guard entry.step.purpose == .release || entry.part.isClosing, entry.part != .dropping else { return }
        entries[index].step.request.changes = entry.step.request.changes.map { change in
            var change = change
            change.by = authors[entry.step.node]?[change.bucket] ?? ""
            return change
        }
    }

    func isReady(_ entry: Entry) -> Bool {
        entry.needs.allSatisfy { isDone(entries[$0]) || isIgnored(entries[$0], for: entry) }
            && entry.waits.allSatisfy { entries[$0].state.isOver }
    }

    func obstacle(to entry: Entry) -> String? {
        if isAborted, entry.step.purpose == .release, entry.part != .dropping { return "stopped before it began" }
        if let returned, isByWord(entry) { return "\(returned), which the plan takes for dead, answers again" }
        for need in entry.needs.map({ entries[$0] }) where need.state.isOver && !isDone(need) {
            if isIgnored(need, for: entry) { continue }
            let node = need.step.node
            let done = need.part == .guarding ? "confirmed that it does not answer" : "released"
            if case .unknown = need.state { return "it is not known whether \(node) \(done)" }
            return need.part == .guarding ? "\(node) has not \(done)" : "\(node) did not release"
        }
        return nil
    }

    /// Whether only the operator's word says that nobody answers what the entry claims.
    private func isByWord(_ entry: Entry) -> Bool {
        entry.step.purpose == .claim && entry.part == .planned && !entry.needs.contains { entries[$0].part == .planned }
    }

    /// Whether a mistake made on purpose does without what the entry needs.
    private func isIgnored(_ need: Entry, for entry: Entry) -> Bool {
        switch flaw {
        case .claimFirst: entry.step.purpose == .claim && need.part == .planned
        case .noGuards: entry.step.node != need.step.node && need.part == .guarding
        default: false
        }
    }

    private func isDone(_ entry: Entry) -> Bool {
        if flaw == .claimUnconfirmed, case .unknown = entry.state { return true }
        return entry.state == .done
    }

    /// Gives back what was released and could surely not be claimed; not what the claimant answers already, by another's
    /// hand: its old owner would be the second.
    mutating func giveBackRefused() {
        for entry in entries where entry.step.purpose == .claim && entry.part == .planned {
            let buckets = entry.buckets.subtracting(entry.taken)
            guard isSurelyUnclaimed(entry.state), !buckets.isEmpty else { continue }
            for source in entry.needs where entries[source].part == .planned && entries[source].state == .done {
                let isUnderWay = entries.contains {
                    $0.isGivingBack && $0.step.node == entries[source].step.node && $0.buckets == buckets
                }
                if !isUnderWay { entries.append(givingBack(buckets, to: entries[source])) }
            }
        }
    }

    private func isSurelyUnclaimed(_ state: StepState) -> Bool {
        switch state {
        case .refused, .skipped: true
        case .unknown: flaw == .giveBackUnknown
        default: false
        }
    }

    private func givingBack(_ buckets: BucketSet, to release: Entry) -> Entry {
        let changes = release.step.request.changes.filter { buckets.contains($0.bucket) }.map {
            StepRequest.Change(bucket: $0.bucket, from: $0.to, to: $0.from, by: release.step.request.operation)
        }
        let request = StepRequest(
            operation: OperationMark(plan.operation, .giveBack).text, address: plan.address, changes: changes)
        return Entry(
            step: PlanStep(node: release.step.node, purpose: .claim, request: request), state: .waiting,
            part: .givingBack)
    }

    static func text(_ mismatch: StepOutcome.Mismatch) -> String {
        let mark = mismatch.writtenBy.flatMap(OperationMark.init(parsing:))
        let writer = mark?.operation ?? mismatch.writtenBy ?? ""
        let author = writer.isEmpty ? "" : ", written by \(writer.madeSafe(limit: 64))"
        let found = mismatch.found?.rawValue ?? "not owned"
        if mismatch.expected == mismatch.found {
            if mark?.isInstallation == true {
                return "bucket \(mismatch.bucket) is \(found), but the node's table was made anew meanwhile" + author
            }
            return "bucket \(mismatch.bucket) is \(found), but another operation was there meanwhile" + author
        }
        return "bucket \(mismatch.bucket) was expected \(mismatch.expected?.rawValue ?? "not owned") and is \(found)"
            + author
    }
}

extension PlanExecution {
    /// Whether the nodes have said what the steps must know of them.
    var isReadyToSend: Bool { unasked.isEmpty }

    /// Whether buckets may be without an owner: a release was sent, and its claim is not over.
    var isPressed: Bool {
        entries.contains { entry in
            entry.step.purpose == .claim && entry.part == .planned && !entry.state.isOver
                && entry.needs.contains { entries[$0].part == .planned && entries[$0].state != .waiting }
        }
    }
}
