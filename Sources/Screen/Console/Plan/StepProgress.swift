/// How far one step of a plan is.
public enum StepProgress: Hashable, Sendable {
    case waiting
    case running
    case done
    /// The step was refused or failed; the sentence says why.
    case failed(String)
}
