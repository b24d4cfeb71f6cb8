import Responsibility

/// What a calibration found, with the evidence counted.
struct CalibrationReport: Encodable {
    /// An arithmetic and how many connections it places where their marks say.
    struct Candidate: Encodable {
        var scheme: String
        var totalNodes: UInt32
        /// The bits of the mark that the bucket stands in, and what is written there for the first bucket.
        var markMask: UInt32
        var firstMark: UInt32
        var agreeing: Int
        var of: Int
        var agreeingByChance: Double
        /// Of the connections that differ in what is hashed, each a piece of evidence of its own.
        var distinctAgreeing: Int
        var distinct: Int
        /// How many of all candidates would have so much evidence by chance.
        var chance: Double
    }

    /// A search through all seeds.
    struct Search: Encodable {
        /// Arithmetics searched to the end, those that no seed can save, and the seeds' evidence.
        var searched: Int
        var contradicted: Int
        var connectionsNeeded: Int?
        var mostOfTooFew: Int?
        /// The numbers of buckets that were considered.
        var leastTotalNodes: UInt32
        var mostTotalNodes: UInt32
        var isInterrupted: Bool
    }

    let schema = 2
    /// What is found.
    var result: CalibrationResult.Verdict
    var marked: Int
    var unmarked: Int
    var leftOut: Int
    var badLines: Int
    /// How many candidates were considered.
    var considered: Double
    /// How many arithmetics that place flows differently are not ruled out beside the first.
    var rivals: Int
    /// How many more connections that differ in what is hashed would settle it.
    var connectionsNeeded: Int?
    /// "none", "noise", "beside_boundaries": what disagrees with the first candidate.
    var residue: CalibrationResidue
    var candidates: [Candidate]
    /// The search for the seed; nil when none was made.
    var search: Search?

    /// The report of what marks say.
    init(_ marks: MarkReader, _ result: CalibrationResult) {
        self.result = result.verdict
        marked = marks.connections.count
        unmarked = marks.unmarked
        leftOut = marks.others + marks.beyondLimit
        badLines = marks.lines.bad
        considered = result.considered
        rivals = result.rivals
        connectionsNeeded = result.needed
        residue = result.residue
        candidates = result.candidates.map {
            Candidate(
                scheme: $0.scheme.text, totalNodes: $0.scheme.bucketCount, markMask: $0.field.mask,
                firstMark: $0.field.first << $0.field.shift, agreeing: $0.agreeing, of: $0.total,
                agreeingByChance: $0.agreeingByChance, distinctAgreeing: $0.distinctAgreeing, distinct: $0.distinct,
                chance: $0.chance)
        }
    }

    /// Adds what a search for the seed did.
    mutating func take(_ run: SeedSearchRun) {
        search = Search(
            searched: run.searched, contradicted: run.contradicted, connectionsNeeded: run.needed,
            mostOfTooFew: run.tooFew, leastTotalNodes: run.totals.lowerBound, mostTotalNodes: run.totals.upperBound,
            isInterrupted: run.isInterrupted)
    }

    /// The exit status.
    var status: ExitStatus {
        if search?.isInterrupted == true { return .interrupted }
        return switch result {
        case .explained: .done
        case .noEvidence: .failed
        case .probable, .ambiguous, .none: .partly
        }
    }
}

/// The report for people.
extension CalibrationReport {
    /// The whole of it.
    var text: String {
        let leftOut =
            leftOut == 0
            ? "" : ", \(leftOut) left out (the other address family, another address, or more than needed)"
        let head =
            "\(Self.count(marked, "marked connection")), \(unmarked) without a mark\(leftOut)\n"
            + verdict + about + searchVerdict
        guard !candidates.isEmpty else { return head }
        return head + (result == .none ? "the nearest with the seeds that were given or 0 are\n" : "") + "\n" + table
    }

    private var table: String {
        let hasFields = candidates.contains { $0.markMask != .max || $0.firstMark != 1 }
        var table = TextTable(
            [
                ("AGREE", .right), ("OF", .right), ("BY CHANCE", .right), ("DISTINCT", .right),
                ("CHANCE OF ANY", .right), ("ARITHMETIC", .left),
            ] + (hasFields ? [("IN THE MARK", .left)] : []))
        for candidate in candidates {
            table.add(
                [
                    String(candidate.agreeing), String(candidate.of),
                    Decimals.decimal(candidate.agreeingByChance, digits: 1),
                    "\(candidate.distinctAgreeing) of \(candidate.distinct)", Decimals.power(candidate.chance),
                    candidate.scheme,
                ] + (hasFields ? [field(candidate)] : []))
        }
        return table.text
    }

    private func field(_ candidate: Candidate) -> String {
        "mask 0x\(String(candidate.markMask, radix: 16)), bucket 1 is 0x\(String(candidate.firstMark, radix: 16))"
    }

    private var verdict: String {
        switch result {
        case .explained: "explained: \(candidates[0].scheme)\n"
        case .probable: "probably: \(candidates[0].scheme)\n"
        case .ambiguous:
            "ambiguous between \(Self.count(rivals + 1, "arithmetic")): more connections are needed to tell them apart\n"
        case .none:
            "no arithmetic explains the marks better than chance: another seed, or marks that other rules wrote"
                + (search == nil ? "; --search-seed tries all seeds\n" : "\n")
        case .noEvidence: "no connection has a mark: nothing to find the arithmetic from\n"
        }
    }

    /// How sure that is, what disagrees, and what would settle it.
    private var about: String {
        guard let best = candidates.first, result != .none else { return "" }
        var text = "\(best.agreeing) of \(Self.count(best.of, "mark")) agree; chance alone would make one of "
        text +=
            "\(Decimals.power(considered)) candidates agree so often in \(Decimals.power(best.chance)) of all cases\n"
        switch residue {
        case .none: break
        case .noise:
            let wrong = UInt64(best.of - best.agreeing)
            text += "\(Decimals.percent(wrong, of: UInt64(best.of))) of the marks disagree, like marks of other rules\n"
        case .besideBoundaries:
            text +=
                "what disagrees lies beside the boundaries of buckets: another number of buckets, or a map of them\n"
        }
        if result != .explained, let more = connectionsNeeded, more > 0 {
            text += "about \(more) more connections that differ in what is hashed would settle it\n"
        }
        return text
    }

    /// What is to be said of a search for the seed.
    private var searchVerdict: String {
        guard let search else { return "" }
        var text = ""
        if search.isInterrupted { text += "the search was stopped before its end: there may be other seeds\n" }
        guard let needed = search.connectionsNeeded else {
            return text + "marks of one bucket tell nothing of a seed\n"
        }
        if let most = search.mostOfTooFew {
            text +=
                "not searched for lack of connections: some arithmetics have at most \(most) that differ in what is "
                + "hashed; \(needed) are needed, so that no wrong seed fits by chance\n"
        }
        if search.searched > 0, result == .none {
            text += "no seed at all explains the marks; arithmetics searched to the end: \(search.searched)\n"
        }
        if search.contradicted > 0, result == .none {
            text +=
                (search.contradicted == 1 ? "1 arithmetic is" : "\(search.contradicted) arithmetics are")
                + " ruled out: equal flows have different marks, or marks exceed the number of buckets\n"
        }
        return text
    }

    private static func count(_ count: Int, _ what: String) -> String { "\(count) \(what)\(count == 1 ? "" : "s")" }
}
