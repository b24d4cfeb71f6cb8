import Canvas
import ClusterModel
import Planning
import Responsibility

/// Everything that can happen to the console.
public enum Message: Sendable {
    /// A key was pressed.
    case key(Key)
    /// A button of the mouse or its wheel.
    case mouse(MouseEvent)
    /// Text was pasted; it only ever goes to an input line.
    case paste(String)
    /// The terminal has a new size.
    case resized(Size)
    /// The cluster was heard.
    case snapshot(ClusterSnapshot)
    /// What is known of the nodes as long as none of them has shown the cluster's settings.
    case nodes([NodeStatus])
    /// Time went on, at least once a second: a monotonic clock in seconds, and the clock of the day, in seconds since 1970.
    case tick(now: Double, day: Double? = nil)
    /// The plan that was asked for.
    case planReady(Plan)
    /// The plan cannot be made; the sentence says why.
    case planRefused(String)
    /// How far a step of the executed plan is.
    case planProgress(step: StepID, StepProgress)
    /// What the executed plan waits for, and the connections left by node and bucket, as far as they were counted; nil:
    /// nothing any more.
    case planWaiting(PlanWait?, left: [String: [Int: Int]] = [:])
    /// The execution ended, and the kernels were read again.
    case planFinished(PlanEnding)
    /// What the nodes' connection tracking says of a flow.
    case connections(Flow, [FlowConnection])
    /// The journal, newest first.
    case journal([JournalEntry], clock: String = "UTC")
    /// What earlier consoles have kept of what happened.
    case kept([TimelineRecord])
    /// The console ends: what is to be kept is kept now.
    case ending
    /// How all clusters of this console are, and which of them is in front.
    case clusters([ClusterSummary], front: Int)
    /// A sentence for the operator.
    case notice(Notice)
    /// The theme that is in use from now on.
    case themeChanged(String)
    /// The operator pressed the interrupt key or a signal asks to quit.
    case interrupted
}
