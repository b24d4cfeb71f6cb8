import FaultSimulation
import Testing

/// A mistake made on purpose, to see that the checks of the simulation find it.
///
/// A new one is a type that stands between the parts of a run (`Interception`) and a line in `all`.
struct Mutant: Sendable, CustomTestStringConvertible {
    /// What is done wrong, one clause.
    let text: String
    /// The promise that it breaks.
    let finds: Violation.Kind
    /// Where the search begins, to save time: not far before the first seed that finds it.
    let begin: UInt64
    /// Whether it shows among nodes of every kind alone.
    let hasKinds: Bool
    /// Makes what stands in a run's way.
    let make: @Sendable () -> any Interception

    var testDescription: String { text }

    private init(
        _ text: String, finds: Violation.Kind = .owners, from begin: UInt64 = 1, kinds hasKinds: Bool = false,
        _ make: @escaping @Sendable () -> any Interception
    ) {
        self.text = text
        self.finds = finds
        self.begin = begin
        self.hasKinds = hasKinds
        self.make = make
    }

    static let all = [
        Mutant("the claim does not wait for the release") { ClaimFirst() },
        Mutant("a release whose answer is lost counts as made") { ClaimUnconfirmed() },
        Mutant("a request is sent again under a new id, and its refusal believed", from: 80) { FreshOperation() },
        Mutant("a step that cannot be made twice is made again, and its refusal believed", from: 110) {
            RetryBlindly()
        },
        Mutant("a claim that may have been made is given back", from: 80) { GiveBackUnknown() },
        Mutant("steps do not name the mark that they expect", from: 2600) { AnyMark() },
        Mutant("what nobody answers is claimed without asking the other nodes") { NoGuards() },
        Mutant("the agent does not compare before it sets") { IgnoreCompare() },
        Mutant("the agent compares states and no marks", from: 110) { IgnoreMarks() },
        Mutant("a bucket is adopted while its old owner drains it", finds: .answers) { AdoptDrained() },
        Mutant("a step begins the counters anew", finds: .counters) { ResetCounters() },
        Mutant("recovery believes the journal and does not ask the kernels") { TrustJournal() },
        Mutant("the journal is written after the step", finds: .unwritten) { JournalAfter() },
        Mutant("a step that failed is written down as done", finds: .journal) { JournalLies() },
        Mutant("a step is carried out however late it comes", finds: .late) { NeverExpire() },
        Mutant("no node announces the cluster MAC", finds: .neighbours) { Mute() },
    ]
}

@Suite struct MutantTests {
    @Test(arguments: Mutant.all)
    func `a mistake made on purpose is found`(mutant: Mutant) {
        let found = (mutant.begin...mutant.begin + 1000).lazy.compactMap {
            SimulationRun(seed: $0, hasKinds: mutant.hasKinds).run(mutant.make()).violations.first
        }
        .first { $0.kind == mutant.finds }
        #expect(found != nil, "\(mutant.text): not found in 1000 seeds from \(mutant.begin) on")
    }
}
