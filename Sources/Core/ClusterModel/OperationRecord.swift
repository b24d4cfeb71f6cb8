/// What a node's kernel says of one operation: which buckets it has put into their present state, for whom, and why.
public struct OperationRecord: Hashable, Sendable, Codable {
    /// The operation's id; empty for buckets that another program wrote.
    public var operation: String
    /// Who carried it out, what for and why; nil when the kernel keeps no note of it.
    public var note: OperationNote?
    /// The buckets whose state it wrote last: owned, adopted, draining or given up.
    public var buckets: BucketSet

    /// A record from its parts.
    public init(operation: String, note: OperationNote? = nil, buckets: BucketSet) {
        self.operation = operation
        self.note = note
        self.buckets = buckets
    }

    /// The records of marks that stand beside buckets, with what is noted of each operation by its id, in order of id.
    ///
    /// What an installation has written and nobody touched since, and what a guard has confirmed, is left out: no operation
    /// has put those buckets where they are.
    public static func records(
        of marks: [Int: String], notes: [String: OperationNote]
    ) -> [OperationRecord] {
        var texts: [String: BucketSet] = [:]
        for (bucket, text) in marks { texts[text, default: []].insert(bucket) }
        var buckets: [String: BucketSet] = [:]
        for (text, written) in texts {
            let mark = OperationMark(parsing: text)
            guard mark.map({ !$0.isInstallation && $0.role != .guard }) ?? text.isEmpty else { continue }
            let id = mark?.operation ?? ""
            buckets[id] = buckets[id]?.union(written) ?? written
        }
        return buckets.sorted { $0.key < $1.key }.map {
            OperationRecord(operation: $0.key, note: notes[$0.key], buckets: $0.value)
        }
    }
}

/// What a node's kernel notes beside its buckets: the members of the cluster, and who carried out which operation.
public struct ClusterNotes: Hashable, Sendable, Codable {
    /// The names of all members, in order; nil when the table keeps none.
    public var members: [String]?
    /// The operations that wrote the present states; empty when the driver keeps none.
    public var operations: [OperationRecord]

    /// Notes from their parts.
    public init(members: [String]? = nil, operations: [OperationRecord] = []) {
        self.members = members
        self.operations = operations
    }

    /// The operation that wrote a bucket's state; nil when none is known to have.
    public func writer(of bucket: Int) -> OperationRecord? { operations.first { $0.buckets.contains(bucket) } }
}
