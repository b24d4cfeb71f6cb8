import Execution

/// A mistake made on purpose, to see that the checks find it.
package enum Mutant: String, CaseIterable, Sendable {
    case claimFirst, claimUnconfirmed, freshOperation, retryBlindly, giveBackUnknown, anyAuthor, noGuards
    case ignoreCompare, ignoreOperation, trustJournal, journalAfter, journalLies, adoptDrained, resetCounters

    /// The coordinators' part of it.
    var execution: PlanExecution.Flaw? { PlanExecution.Flaw(rawValue: rawValue) }

    /// What is done wrong, one clause.
    package var text: String {
        switch self {
        case .claimFirst: "the claim does not wait for the release"
        case .claimUnconfirmed: "a release whose answer is lost counts as made"
        case .freshOperation: "a request is sent again under a new id, and its refusal believed"
        case .retryBlindly: "a step that cannot be made twice is made again, and its refusal believed"
        case .giveBackUnknown: "a claim that may have been made is given back"
        case .anyAuthor: "steps do not name the author that they expect"
        case .noGuards: "what nobody answers is claimed without asking the other nodes"
        case .ignoreCompare: "the agent does not compare before it sets"
        case .ignoreOperation: "the agent compares states and no operations"
        case .trustJournal: "recovery believes the journal and does not ask the kernels"
        case .journalAfter: "the journal is written after the step"
        case .journalLies: "a step that failed is written down as done"
        case .adoptDrained: "a bucket is adopted while its old owner drains it"
        case .resetCounters: "a step begins the counters anew"
        }
    }
}
