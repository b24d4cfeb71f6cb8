import ClusterModel
import Planning

extension PlanOutcome {
    /// Why the plan was not carried out whole, one sentence: what failed first, and where.
    public var failureSentence: String {
        guard let failed = steps.first(where: { $0.progress != .done }) else {
            return "a claim was refused, and its buckets were given back"
        }
        return "\(failed.node): \(failed.progress.failure?.sentence ?? "not done")"
    }

    /// That nothing was changed, and why.
    public var nothingChangedSentence: String {
        "nothing was changed: \(failure?.sentence ?? "no node did its part")"
    }
}

/// Where the buckets of an earlier plan are, a line for each place.
public struct BucketPlaces {
    private var groups: [(words: String, buckets: BucketSet)] = []
    private var members: [String] = []

    /// By who answers each bucket.
    public init(_ plan: Plan, _ snapshot: ClusterSnapshot) {
        for move in plan.moves {
            switch snapshot.owner(of: move.bucket)?.name {
            case move.to: note(move.bucket, "where it wanted them")
            case nil: note(move.bucket, "answered by nobody")
            case move.from: note(move.bucket, "where they were before")
            case let other?: note(move.bucket, "on \(other) by now")
            }
        }
    }

    /// By who wrote each bucket's state into the kernels.
    public init(_ recovery: Recovery) {
        members = recovery.members.sorted { $0.key < $1.key }.map { node, place in
            recovery.plan.membership[node]?.words(on: node, place) ?? node
        }
        for (bucket, place) in recovery.places.sorted(by: { $0.key < $1.key }) {
            switch place {
            case .moved: note(bucket, "where it wanted them")
            case .released: note(bucket, "released, and answered by nobody")
            case .untouched: note(bucket, "where they were before")
            case .overtaken(let other):
                let operation = other.flatMap { $0.isEmpty ? nil : $0.madeSafe(limit: 64) }
                note(bucket, "changed since by \(operation ?? "another program")")
            case .unseen(let node): note(bucket, "not known, since \(node) cannot be read")
            }
        }
    }

    /// A line for each place.
    public var text: String {
        members.map { $0 + "\n" }.joined() + groups.map { "buckets \($0.buckets): \($0.words)\n" }.joined()
    }

    private mutating func note(_ bucket: Int, _ words: String) {
        if let index = groups.firstIndex(where: { $0.words == words }) {
            groups[index].buckets.insert(bucket)
        } else {
            groups.append((words, [bucket]))
        }
    }
}

extension MembershipChange {
    /// How far the change has come on a node: "node3 became a member", "node3 is as it was".
    func words(on node: String, _ place: Recovery.Place) -> String {
        switch (place, self) {
        case (.moved, .admit): "\(node) became a member"
        case (.moved, .rebuild(let new, _, _)): "\(node) has the new table, of \(new.bucketCount) buckets"
        case (.moved, .leave), (.moved, .end): "\(node) is no member any more"
        case (.untouched, _), (.released, _): "\(node) is as it was before"
        case (.overtaken, _): "\(node) has other settings by now"
        case (.unseen, _): "\(node) cannot be read"
        }
    }
}
