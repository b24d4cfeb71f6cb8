import ClusterModel
import Execution
import Journal
import Planning
import Wording

/// Who was faster, where a plan lost a race, and what holds now.
struct Overtaking {
    /// A sentence for each group of buckets that somebody else has changed meanwhile.
    let lines: [String]

    init(_ outcome: PlanOutcome, _ journal: Journal, _ snapshot: ClusterSnapshot?) {
        var groups: [(words: String, buckets: BucketSet)] = []
        for (bucket, place) in outcome.recovery.places.sorted(by: { $0.key < $1.key }) {
            guard case .overtaken(let operation) = place else { continue }
            let owners = outcome.after.filter { $0.value.accepts(bucket) }.keys.sorted()
            let now =
                owners.isEmpty
                ? "nobody that can be read answers it now"
                : "\(owners.joined(separator: " and ")) \(owners.count == 1 ? "answers" : "answer") it now"
            let move = outcome.plan.moves.first { $0.bucket == bucket }
            let suspects = owners + [move?.from, move?.to].compactMap { $0 }
            let words = "changed meanwhile by \(Self.winner(operation, suspects, journal, snapshot)); \(now)"
            if let index = groups.firstIndex(where: { $0.words == words }) {
                groups[index].buckets.insert(bucket)
            } else {
                groups.append((words, [bucket]))
            }
        }
        let besides = outcome.besides.sorted { $0.key < $1.key }.map { node, buckets in
            "\(node) answers \(buckets.named) as well, by the hand of \(Self.winner(nil, [node], journal, snapshot)); "
                + "`clusterip repair` leaves one owner"
        }
        let abandoned = outcome.abandoned.sorted { $0.key < $1.key }.map { node, buckets in
            "nobody answers \(buckets.named) any more: \(node) did, until it was changed by "
                + "\(Self.winner(nil, [node], journal, snapshot)); \(Self.remedy(node, outcome))"
        }
        lines =
            groups.map { "\($0.buckets.named) \($0.buckets.count == 1 ? "was" : "were") \($0.words)" } + besides
            + abandoned
    }

    private static func remedy(_ node: String, _ outcome: PlanOutcome) -> String {
        outcome.bare.contains(node)
            ? "`clusterip reinstall \(node)` ends it" : "`clusterip repair` ends it"
    }

    /// Who wrote a bucket, or changed the table of one of these nodes: "op-1 (move 3 to node2, by root@console)", as far as
    /// this journal knows it; "nft (process 4711)" of another program.
    static func winner(
        _ operation: String?, _ nodes: [String], _ journal: Journal, _ snapshot: ClusterSnapshot?
    ) -> String {
        guard let operation, !operation.isEmpty else {
            let process = nodes.lazy.compactMap { name in
                snapshot?.nodes.first { $0.name == name }?.lastChange?.program.otherProcess
            }.first
            return process?.text ?? "another program"
        }
        let mark = OperationMark(parsing: operation)
        if let mark, mark.isInstallation { return "\(mark.text): the node's table was made anew" }
        guard let known = mark.flatMap({ (try? journal.operation($0.operation)) ?? nil }) else {
            let records = snapshot?.nodes.lazy.compactMap { $0.sample?.notes.operations }.joined()
            if let note = records?.first(where: { $0.operation == mark?.operation })?.note { return note.words }
            return "\(operation.madeSafe(limit: 64)), of another console"
        }
        return "\(known.id) (\(known.title), by \(known.who.text), process \(known.who.pid))"
    }
}
