import Planning

/// Writes down what a plan is about to do and what became of it; the journal is one.
///
/// `begin` is asked before the first step and may refuse: then nothing is done. What cannot be written later does not
/// stop a plan in the middle; the recorder keeps the reason in `problem`.
public protocol PlanRecorder: AnyObject {
    /// Writes the plan down, before its first step.
    ///
    /// - Throws: one sentence, when it cannot be kept; the plan is not begun then.
    func begin(_ plan: Plan) throws(PlanRecorderError)

    /// Writes the intent to send the requests of steps, all at once: for all steps of the plan before the first is sent, so
    /// that no disk is waited for between a release and its claim; for what gives back or ends draining when it comes up.
    func intend(_ steps: [StepStatus])

    /// Writes what became of steps, after what follows from it was sent.
    func conclude(_ steps: [StepStatus])

    /// Writes that nothing more is to come, what became of the steps, and what the plan came to.
    func end(_ steps: [StepStatus], _ result: PlanResult)

    /// Why something could not be written after `begin`; nil when all was.
    var problem: String? { get }
}

/// Why a plan cannot be written down before it begins.
public struct PlanRecorderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence with the path and what would help.
    public var description: String

    /// An error with its sentence.
    public init(_ description: String) { self.description = description }
}
