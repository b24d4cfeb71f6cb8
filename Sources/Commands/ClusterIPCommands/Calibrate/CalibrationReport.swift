import Responsibility

/// What a calibration found, with the evidence counted.
struct CalibrationReport: Encodable {
    /// An arithmetic and how many connections it places where their marks say.
    struct Candidate: Encodable {
        var scheme: String
        var totalNodes: UInt32
        var agreeing: Int
        var of: Int
        var expectedByChance: Double
    }

    /// A search through all seeds.
    struct Search: Encodable {
        /// Arithmetics searched to the end, those that no seed can save, and the seeds' evidence.
        var searched: Int
        var contradicted: Int
        var connectionsNeeded: Int?
        var mostOfTooFew: Int?
        var isInterrupted: Bool
    }

    let schema = 1
    /// "explained", "ambiguous", "unexplained" or "no_evidence".
    var result: String
    var marked: Int
    var unmarked: Int
    var leftOut: Int
    var badLines: Int
    var candidates: [Candidate]
    /// The search for the seed; nil when none was made.
    var search: Search?

    /// The report of what marks say.
    init(_ marks: MarkReader, _ result: CalibrationResult) {
        let found: [CalibrationCandidate]
        switch result {
        case .noEvidence: (self.result, found) = ("no_evidence", [])
        case .explained(let candidates): (self.result, found) = ("explained", candidates)
        case .ambiguous(let candidates): (self.result, found) = ("ambiguous", candidates)
        case .unexplained(let candidates): (self.result, found) = ("unexplained", candidates)
        }
        marked = marks.connections.count
        unmarked = marks.unmarked
        leftOut = marks.others + marks.beyondLimit
        badLines = marks.lines.bad
        candidates = found.map {
            Candidate(
                scheme: $0.scheme.text, totalNodes: $0.scheme.bucketCount, agreeing: $0.agreeing, of: $0.total,
                expectedByChance: $0.expectedByChance)
        }
    }

    /// Adds what a search for the seed found.
    mutating func take(_ run: SeedSearchRun) {
        search = Search(
            searched: run.searched, contradicted: run.contradicted, connectionsNeeded: run.needed,
            mostOfTooFew: run.tooFew, isInterrupted: run.isInterrupted)
        guard !run.found.isEmpty else { return }
        result = run.found.count == 1 ? "explained" : "ambiguous"
        candidates = run.found.map {
            Candidate(
                scheme: $0.text, totalNodes: $0.bucketCount, agreeing: marked, of: marked,
                expectedByChance: Double(marked) / Double($0.bucketCount))
        }
    }

    /// The exit status.
    var status: ExitStatus {
        if search?.isInterrupted == true { return .interrupted }
        return switch result {
        case "explained": .done
        case "no_evidence": .failed
        default: .partly
        }
    }

    /// The report for people.
    var text: String {
        let leftOut =
            leftOut == 0
            ? "" : ", \(leftOut) left out (the other address family, another address, or more than needed)"
        let head = "\(marked) marked connections, \(unmarked) without a mark\(leftOut)\n"
        let verdict = verdict + searchVerdict
        guard !candidates.isEmpty else { return head + verdict }
        var table = TextTable([("AGREE", .right), ("OF", .right), ("BY CHANCE", .right), ("ARITHMETIC", .left)])
        for candidate in candidates {
            table.add([
                String(candidate.agreeing), String(candidate.of),
                Decimals.decimal(candidate.expectedByChance, digits: 1),
                candidate.scheme,
            ])
        }
        let lead = result == "unexplained" ? "the best with the seeds that were given or 0 are\n" : ""
        return head + verdict + lead + "\n" + table.text
    }

    private var verdict: String {
        switch result {
        case "explained": "explained: \(candidates[0].scheme)\n"
        case "ambiguous": "several arithmetics explain every mark: more connections are needed to tell them apart\n"
        case "unexplained":
            "no arithmetic explains every mark: another seed, another number of buckets, or marks that other rules wrote"
                + (search == nil ? "; --search-seed tries all seeds\n" : "\n")
        default: "no connection has a mark: nothing to find the arithmetic from\n"
        }
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
        let none = search.searched > 0 && result == "unexplained"
        if none { text += "no seed at all explains every mark; arithmetics searched to the end: \(search.searched)\n" }
        if search.contradicted > 0, result == "unexplained" {
            text +=
                (search.contradicted == 1 ? "1 arithmetic is" : "\(search.contradicted) arithmetics are")
                + " ruled out: equal flows have different marks, or marks exceed the number of buckets\n"
        }
        return text
    }
}
