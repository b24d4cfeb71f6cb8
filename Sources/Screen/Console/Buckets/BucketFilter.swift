import ClusterModel

/// What is typed behind `/` on the Buckets screen: words that a bucket must all match; `!` inverts one.
struct BucketFilter: Sendable {
    /// One word.
    enum Term: Hashable, Sendable {
        case owner(Int?)
        case above(Double)
        case below(Double)
        case among(BucketSet)
        case draining, adopted, orphan, conflict, marked
    }

    /// Why a word means nothing, one sentence.
    struct Problem: Error, Hashable { var text: String }

    /// The words, each with whether it is turned round.
    var terms: [(term: Term, inverted: Bool)] = []

    /// Reads a filter: `node1` or `owner=node1`, `owner=none`, `>100`, `<5`, `3,7-9`, `draining`, `adopted`, `orphan`, `conflict`,
    /// `marked`.
    init(_ text: String, nodes: [NodeStatus], total: Int) throws(Problem) {
        for word in text.split(separator: " ") {
            let inverted = word.first == "!"
            let rest = String(inverted ? word.dropFirst() : word)
            if !rest.isEmpty { terms.append((try Self.term(rest, nodes: nodes, total: total), inverted)) }
        }
    }

    private static func term(_ word: String, nodes: [NodeStatus], total: Int) throws(Problem) -> Term {
        switch word.lowercased() {
        case "draining": return .draining
        case "adopted": return .adopted
        case "orphan", "orphans": return .orphan
        case "conflict", "conflicts": return .conflict
        case "marked": return .marked
        default: break
        }
        if word.hasPrefix("owner=") { return try owner(String(word.dropFirst(6)), nodes: nodes) }
        if let first = word.first, first == ">" || first == "<" {
            guard let number = Units.parsed(String(word.dropFirst())) else {
                throw Problem(text: "\"\(word)\" has no number: write >100 or >1.5k packets a second")
            }
            return first == ">" ? .above(number) : .below(number)
        }
        if let owner = try? owner(word, nodes: nodes), word.contains(where: \.isLetter) { return owner }
        do { return .among(try BucketSet(parsing: word, total: max(total, 1))) } catch {
            throw Problem(
                text: "\"\(word)\" is no filter: write a node's name, >PPS, <PPS, 3,7-9, draining, orphan, conflict")
        }
    }

    private static func owner(_ name: String, nodes: [NodeStatus]) throws(Problem) -> Term {
        if name == "none" || name == "-" { return .owner(nil) }
        if let index = nodes.firstIndex(where: { $0.name == name }) { return .owner(index) }
        if let index = nodes.indices.first(where: { NodeTag.letter($0) == name }) { return .owner(index) }
        if let index = nodes.firstIndex(where: { $0.name.hasPrefix(name) }), !name.isEmpty { return .owner(index) }
        throw Problem(text: "no node is called \"\(name)\"")
    }

    /// Whether a bucket matches every word.
    func matches(_ bucket: Int, snapshot: ClusterSnapshot, facts: ClusterFacts, marks: BucketSet) -> Bool {
        for (term, inverted) in terms {
            let isMatch =
                switch term {
                case .owner(let index): snapshot.coverage.owner(of: bucket) == index
                case .above(let rate): facts.rate(of: bucket).map { $0 > rate } ?? false
                case .below(let rate): facts.rate(of: bucket).map { $0 < rate } ?? false
                case .among(let set): set.contains(bucket)
                case .draining: facts.draining.contains(bucket)
                case .adopted: facts.adopted.contains(bucket)
                case .orphan: snapshot.coverage.orphans.contains(bucket)
                case .conflict: snapshot.coverage.conflicts.contains(bucket)
                case .marked: marks.contains(bucket)
                }
            if isMatch == inverted { return false }
        }
        return true
    }
}
