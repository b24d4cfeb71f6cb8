import Planning

/// What goes into an execution and comes out of it.
extension PlanExecution {
    /// What is done beyond the plan's steps.
    public struct Options: Hashable, Sendable {
        /// After a graceful plan, wait so many seconds for the old owners' connections to end.
        ///
        /// A node without any ends its draining at once. nil: the buckets drain on.
        public var drainWithin: Double?
        /// What becomes of the connections that are left then.
        public var atDeadline: Deadline
        /// Make buckets that this execution adopted owned after so many seconds; nil: they stay adopted.
        public var finalizeAfter: Double?

        /// Options from their parts.
        public init(drainWithin: Double? = nil, atDeadline: Deadline = .keep, finalizeAfter: Double? = nil) {
            self.drainWithin = drainWithin
            self.atDeadline = atDeadline
            self.finalizeAfter = finalizeAfter
        }
    }

    /// What becomes of connections that have not ended in time.
    public enum Deadline: String, CaseIterable, Hashable, Sendable {
        /// They live on, and their buckets drain on.
        case keep
        /// The old owner forgets them, and the new one resets them.
        case reset
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Send the request of a step to its node, and report the answer with `answered`.
        case send(StepID)
        /// Ask a node, and report the answer with `answered`.
        case ask(Question)
        /// Report this timer with `fired` after so many seconds.
        case wake(Timer, after: Double)
        /// Nothing more is to come; read the kernels again.
        case finished
    }

    /// What is asked of a node without changing it.
    public enum Question: Hashable, Sendable {
        /// Which operation wrote each bucket's state.
        case marks(String)
        /// How many connections live in each bucket.
        case connections(String)
    }

    /// Something that is due later.
    public enum Timer: Hashable, Sendable {
        /// Send the request of a step again.
        case resend(StepID)
        /// Ask again.
        case ask(Question)
        /// End this wait.
        case closing(PlanWait)
    }
}
