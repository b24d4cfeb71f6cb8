import ClusterModel
import Planning
import Wording

/// How the execution of a plan ended, as the Plan screen sees it.
public enum PlanEnding: Hashable, Sendable {
    /// It was not begun; the sentence says why.
    case refused(String)
    /// It was carried out; the notes say who was faster where it lost a race.
    case ended(PlanOutcome, notes: [String])

    /// What the operator can do with it now.
    enum Verdict {
        /// Nothing was changed; the sentence says why.
        case nothingChanged(String)
        /// Not all was done; the sentence says why and what holds now.
        case stopped(String)
        /// All was done, as far as the kernels show it; what still drains or resets, or others have done, a sentence each.
        case completed(PlanOutcome, left: [String])
    }

    var verdict: Verdict {
        guard case .ended(let outcome, let notes) = self else {
            guard case .refused(let why) = self else { return .nothingChanged("") }
            return .nothingChanged(why)
        }
        switch outcome.result {
        case .done, .unclosed:
            return .completed(outcome, left: notes + outcome.unclosed.map { "\($0.leftover); :settle ends it" })
        case .nothingChanged:
            return .nothingChanged(notes.first.map { "nothing was changed: \($0)" } ?? outcome.nothingChangedSentence)
        case .partly:
            return .stopped(notes.first ?? "\(outcome.failureSentence); see where each bucket is now")
        }
    }
}
