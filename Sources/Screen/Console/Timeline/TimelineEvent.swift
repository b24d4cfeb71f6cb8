import ClusterModel
import Planning

/// Something that happened in the cluster while the console looked on.
struct TimelineEvent: Hashable, Sendable {
    /// What happened.
    enum Kind: Hashable, Sendable {
        /// The console heard the cluster for the first time.
        case began(owned: Int, of: Int)
        /// Something wrong or odd was found that was not there before.
        case foundProblem(Finding)
        /// A finding was there no more, after so many seconds.
        case problemEnded(Finding, seconds: Double)
        /// A node was heard better or worse than before.
        case link(node: String, from: NodeState, to: NodeState, why: LinkFailure?)
        /// Another program committed a node's ruleset, so many times one after the other.
        case ruleset(node: String, by: ProgramIdentity.Process, count: Int)
        /// Buckets have a new owner; nil: they had none that was known.
        case ownership(BucketSet, from: String?, to: String)
        /// The cluster has another number of buckets.
        case resized(from: Int, to: Int)
        /// An operation of the journal.
        case operation(JournalEntry)
        /// What an earlier console has kept.
        case kept(TimelineRecord)
    }

    /// When, in seconds since 1970.
    var time: Double
    var kind: Kind
    /// Whether it was kept for later readers.
    var isKept = false

    /// The kinds by which rows are filtered.
    var group: String {
        switch kind {
        case .kept(let record): record.kind
        case .began, .resized: "cluster"
        case .foundProblem, .problemEnded: "finding"
        case .link: "link"
        case .ruleset: "ruleset"
        case .ownership: "move"
        case .operation: "operation"
        }
    }

    /// The node it is about; nil when it is about several or none.
    var node: String? {
        switch kind {
        case .foundProblem(let finding), .problemEnded(let finding, _): finding.node
        case .link(let node, _, _, _), .ruleset(let node, _, _): node
        case .ownership(_, _, let node): node
        case .kept(let record): record.node
        case .began, .resized, .operation: nil
        }
    }

    /// The buckets it is about.
    var buckets: BucketSet {
        switch kind {
        case .foundProblem(let finding), .problemEnded(let finding, _): finding.buckets
        case .ownership(let buckets, _, _): buckets
        case .operation(let entry): entry.plan?.buckets ?? []
        case .kept(let record):
            record.buckets.flatMap { try? BucketSet(parsing: $0, total: BucketSet.maximumBucket) } ?? []
        case .began, .link, .ruleset, .resized: []
        }
    }

    /// How bad it is; nil: it is neither good nor bad.
    var severity: Finding.Severity? {
        switch kind {
        case .foundProblem(let finding): finding.severity
        case .link(_, _, let state, _): state == .unreachable ? .critical : state == .stale ? .warning : nil
        case .ruleset: .notice
        case .kept(let record): record.severity.flatMap { Finding.Severity(rawValue: $0) }
        case .began, .problemEnded, .ownership, .resized, .operation: nil
        }
    }
}
