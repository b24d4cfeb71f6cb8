import ClusterModel

extension OperationNote {
    /// What was done, by whom and why: "drain node3, by anna@ops: a new disk".
    public var words: String { "\(title), by \(who)" + (reason.map { ": \($0)" } ?? "") }
}

extension OperationRecord {
    /// What put the buckets where they are: "drain node3, by anna@ops: a new disk", "op-1" when no kernel says more, "another
    /// program" of buckets without a mark.
    public var words: String { note?.words ?? (operation.isEmpty ? "another program" : operation) }
}

extension ClusterNotes {
    /// The newest operation of ours that wrote something; nil when there is none.
    public var newest: OperationRecord? { operations.max { $0.operation < $1.operation } }
}
