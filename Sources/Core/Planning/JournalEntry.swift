/// One operation, as the journal keeps it.
public struct JournalEntry: Hashable, Sendable, Identifiable {
    /// How an operation that has ended came out.
    public enum Ending: String, Hashable, Sendable {
        /// Every step was done.
        case done
        /// Something was changed, and not every step was done.
        case partly
        /// Nothing was changed.
        case failed
        /// It was cut off or done in part, and a later operation completed it.
        case resumed
        /// A later operation took it back.
        case undone
    }

    /// What became of an operation.
    public enum Outcome: Hashable, Sendable {
        /// A program is carrying it out now.
        case running
        /// It has no end and nobody carries it out: its program was killed, or its machine lost power.
        case cutOff
        /// It has ended.
        case ended(Ending)
        /// It has ended in a way that another version knows, in that version's word.
        case unknown(String)
    }

    /// Its place in the journal; later ones have higher numbers.
    public var number: Int64
    /// Its id, as the kernels carry it.
    public var id: String
    /// The name of the cluster.
    public var cluster: String
    /// Who carried it out.
    public var who: Operator
    /// When it began, UTC as "2026-11-22T14:02:31.045Z".
    public var started: String
    /// When it ended, in the same form; nil while it runs, and when it was cut off.
    public var ended: String?
    /// Why, in the operator's words; nil when none were given.
    public var reason: String?
    /// What was asked for, in words.
    public var title: String
    /// The plan; nil when this program cannot read it, and where only operations were asked for.
    public var plan: Plan?
    /// The id of the earlier operation that it completes or takes back; nil when there is none.
    public var resolves: String?
    /// What became of it.
    public var outcome: Outcome
    /// Its steps in order; empty where only operations were asked for.
    public var steps: [JournalStep]

    /// An entry from its parts.
    public init(
        number: Int64, id: String, cluster: String, who: Operator, started: String, ended: String? = nil,
        reason: String? = nil, title: String, plan: Plan? = nil, resolves: String? = nil, outcome: Outcome,
        steps: [JournalStep] = []
    ) {
        self.number = number
        self.id = id
        self.cluster = cluster
        self.who = who
        self.started = started
        self.ended = ended
        self.reason = reason
        self.title = title
        self.plan = plan
        self.resolves = resolves
        self.outcome = outcome
        self.steps = steps
    }

    /// Whether it has no end and nobody carries it out.
    public var isCutOff: Bool { outcome == .cutOff }

    /// The plan, where it can be completed or taken back.
    public var recoverable: Plan? {
        switch outcome {
        case .running, .ended(.undone): nil
        case .cutOff, .ended, .unknown: plan
        }
    }

    /// Whether something of it is left to complete.
    public var isUnfinished: Bool { isCutOff || outcome == .ended(.partly) }
}

extension JournalEntry.Ending {
    /// How an operation ends that came to this.
    public init(_ result: PlanResult) {
        switch result {
        case .done: self = .done
        case .unclosed, .partly: self = .partly
        case .nothingChanged: self = .failed
        }
    }
}

/// One step of an operation, as the journal keeps it.
public struct JournalStep: Hashable, Sendable {
    /// What a step is, as it is written down.
    public enum Content: Hashable, Sendable {
        /// A step that this version knows.
        case step(PlanStep)
        /// A step of another version: what it does for its plan, why it is there, and its request, as that version wrote them.
        case unknown(purpose: String, part: String, request: String)
    }

    /// Its place in the operation, from 0.
    public var position: Int
    /// The node that carries it out.
    public var node: String
    /// What it is.
    public var content: Content
    /// When it was to be sent first, UTC as "2026-11-22T14:02:31.045Z"; nil when never.
    public var intended: String?
    /// When it was over, in the same form; nil when that was not written.
    public var concluded: String?
    /// How far it has come; *running*: it was to be sent, and whether it was is not written.
    public var progress: StepProgress

    /// A step from its parts.
    public init(
        position: Int, node: String, content: Content, intended: String? = nil, concluded: String? = nil,
        progress: StepProgress = .waiting
    ) {
        self.position = position
        self.node = node
        self.content = content
        self.intended = intended
        self.concluded = concluded
        self.progress = progress
    }

    /// A step that this version knows.
    public init(position: Int, _ step: PlanStep, _ progress: StepProgress = .waiting) {
        self.init(position: position, node: step.node, content: .step(step), progress: progress)
    }

    /// The step as plans have it; nil when this version does not know it.
    public var step: PlanStep? {
        if case .step(let step) = content { step } else { nil }
    }
}

/// A person who carries operations out, as far as the system knows them.
public struct Operator: Hashable, Sendable, Codable {
    /// The user's name.
    public var user: String
    /// The host's name.
    public var host: String
    /// The process.
    public var pid: Int
    /// Who called sudo; nil without it.
    public var sudoUser: String?

    /// An operator from its parts.
    public init(user: String, host: String, pid: Int, sudoUser: String? = nil) {
        self.user = user
        self.host = host
        self.pid = pid
        self.sudoUser = sudoUser
    }

    /// "root@console", with sudo "anna as root@console".
    public var text: String { (sudoUser.map { "\($0) as " } ?? "") + "\(user)@\(host)" }
}
