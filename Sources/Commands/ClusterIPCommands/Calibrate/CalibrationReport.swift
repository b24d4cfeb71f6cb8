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

    let schema = 1
    /// "explained", "ambiguous", "unexplained" or "no_evidence".
    var result: String
    var marked: Int
    var unmarked: Int
    var leftOut: Int
    var badLines: Int
    var candidates: [Candidate]

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
                scheme: $0.scheme.text, totalNodes: $0.scheme.totalNodes, agreeing: $0.agreeing, of: $0.total,
                expectedByChance: $0.expectedByChance)
        }
    }

    /// The exit status.
    var status: ExitStatus {
        switch result {
        case "explained": .done
        case "no_evidence": .failed
        default: .partly
        }
    }

    /// The report for people.
    var text: String {
        let leftOut = leftOut == 0 ? "" : ", \(leftOut) left out (IPv6, another address, or more than needed)"
        let head = "\(marked) marked connections, \(unmarked) without a mark\(leftOut)\n"
        guard !candidates.isEmpty else { return head + verdict }
        var table = TextTable([("AGREE", .right), ("OF", .right), ("BY CHANCE", .right), ("ARITHMETIC", .left)])
        for candidate in candidates {
            table.add([
                String(candidate.agreeing), String(candidate.of), Units.decimal(candidate.expectedByChance, digits: 1),
                candidate.scheme,
            ])
        }
        return head + verdict + "\n" + table.text
    }

    private var verdict: String {
        switch result {
        case "explained": "explained: \(candidates[0].scheme)\n"
        case "ambiguous": "several arithmetics explain every mark: more connections are needed to tell them apart\n"
        case "unexplained":
            "no arithmetic explains every mark: another seed (--hash-init), another number of buckets, or marks that "
                + "other rules wrote; the best are\n"
        default: "no connection has a mark: nothing to find the arithmetic from\n"
        }
    }
}
