import ClusterModel
import Planning

extension PlanStep {
    /// The step in words: "node1 releases 3,7: owned to draining".
    public var words: String {
        switch role {
        case .guard: "\(node) confirms that it does not answer \(buckets)"
        case .release: "\(node) releases \(buckets): \(states)"
        case .drop: "\(node) forgets the connections of \(buckets)"
        case .claim: "\(node) claims \(buckets): \(states)\(afterWords)"
        case .giveBack: "\(node) takes back \(buckets)"
        case .endDrain: "\(node) ends draining \(buckets)"
        case .adopt: "\(node) begins to reset connections it does not know in \(buckets)"
        case .finalize: "\(node) ends resetting connections it does not know in \(buckets)"
        case .admit, .rebuild, .leave, .end: membershipWords
        case .enroll: "\(node) lists the members\(rosterWords)"
        }
    }

    private var rosterWords: String {
        guard case .enroll(_, let names, let gone) = action else { return "" }
        let few = names.count > 8 ? "\(names.count) of them" : Lists.and(names)
        return ": \(few)" + (gone.isEmpty ? "" : "; not \(Lists.and(gone))")
    }

    private var membershipWords: String {
        guard case .membership(_, let change) = action else { return "the membership of \(node) changes" }
        let settings = change.configuration
        switch change {
        case .admit: return "\(node) becomes a member on \(settings.interface) and owns nothing at first"
        case .rebuild(let new, let old, true) where new.bucketCount != old.bucketCount:
            return "\(node) places the same flows in \(new.bucketCount) buckets instead of \(old.bucketCount)"
        case .rebuild(_, _, false):
            return "\(node) gets a new table with \(settings.schemeText) and owns nothing at first"
        case .rebuild: return "\(node) gets a new table on \(settings.interface) and keeps what it owns"
        case .leave: return "\(node), which must own nothing, stops being a member"
        case .end: return "\(node) stops being a member, whatever it owns"
        }
    }

    private var states: String {
        Set(changes.map { "\($0.from?.rawValue ?? "not owned") to \($0.to?.rawValue ?? "not owned")" }).sorted()
            .joined(separator: ", ")
    }

    private var afterWords: String {
        after.isEmpty ? "" : ", after \(Lists.and(after)) has released"
    }
}

extension StepProgress {
    /// One word: waiting, running, done, refused, unknown or skipped.
    public var word: String {
        switch self {
        case .waiting: "waiting"
        case .running: "running"
        case .done: "done"
        case .refused: "refused"
        case .unknown: "unknown"
        case .skipped: "skipped"
        }
    }
}

extension StepStatus {
    /// What a closing step that was not done leaves, and why: "node1 still drains 3: 2 connections are left".
    public var leftover: String {
        let rest =
            switch role {
            case .endDrain: "\(node) still drains \(buckets)"
            case .finalize: "\(node) still resets connections it does not know in \(buckets)"
            default: "\(step.words) was not done"
            }
        return "\(rest): \(progress.failure?.sentence ?? "it never answered")"
    }
}

extension StepFailure {
    /// Why the step was not done, a clause.
    public var sentence: String {
        switch self {
        case .mismatch(let mismatch): mismatch?.sentence ?? "the node refused"
        case .agent(let message): message
        case .oddAnswer: "the agent answered something else"
        case .unconfirmed(let node, true): "\(node) has not confirmed that it does not answer"
        case .unconfirmed(let node, false): "it is not known whether \(node) confirmed that it does not answer"
        case .unreleased(let node, true): "\(node) did not release"
        case .unreleased(let node, false): "it is not known whether \(node) released"
        case .notAdmitted(let node, true): "the membership of \(node) was not changed"
        case .notAdmitted(let node, false): "it is not known whether the membership of \(node) was changed"
        case .appeared(let node):
            "nothing was claimed, because \(node) has become a member since the plan was made: plan again"
        case .cannotAsk(let node, let message):
            "nothing was begun, because \(node) cannot be asked: \(message ?? "it answered something else")"
        case .stopped: "stopped before it began"
        case .waitEnded: "stopped before its time"
        case .returned(let node): "\(node), which the plan takes for dead, answers again"
        case .recorded(let sentence): sentence
        case .connectionsLeft(nil): "it never said how many connections are left"
        case .connectionsLeft(let count?): count == 1 ? "1 connection is left" : "\(count) connections are left"
        }
    }
}

extension StepOutcome.Mismatch {
    /// What was found instead, and whose it is: "bucket 1 was expected owned and is draining, written by op-9".
    public var sentence: String {
        let mark = writtenBy.flatMap(OperationMark.init(parsing:))
        let writer = (mark?.operation ?? writtenBy ?? "").madeSafe(limit: 64)
        let by = writer.isEmpty ? "" : ", written by \(writer)"
        let state = found?.rawValue ?? "not owned"
        guard expected == found else {
            return "bucket \(bucket) was expected \(expected?.rawValue ?? "not owned") and is \(state)\(by)"
        }
        return mark?.isInstallation == true
            ? "bucket \(bucket) is \(state), but the node's table was made anew meanwhile\(by)"
            : "bucket \(bucket) is \(state), but another operation was there meanwhile\(by)"
    }
}
