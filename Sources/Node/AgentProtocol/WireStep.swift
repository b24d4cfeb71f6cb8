import ClusterModel
import Responsibility

/// A step as it travels: buckets that change alike are named once, as a run.
///
/// Between a release and its claim nobody answers; what is written and read in that time does not grow with the buckets.
struct WireStep: Codable {
    /// Buckets that change alike.
    struct Group: Codable {
        /// The buckets as operators write them, such as `3,7-9`.
        var buckets: String
        var from: BucketState?
        var to: BucketState?
        var by: String?
    }

    private struct Kind: Hashable {
        var from: BucketState?
        var to: BucketState?
        var by: String?
    }

    var operation: String
    var address: IPAddress
    var changes: [Group]
    /// How many buckets the cluster has; nil in steps of 0.1.
    var of: Int?
    /// The last moment at which it may be carried out, by the node's clock in nanoseconds; nil: at any time.
    var until: UInt64?

    /// A step from its parts.
    init(operation: String, address: IPAddress, changes: [Group], of: Int?, until: UInt64?) {
        (self.operation, self.address, self.changes, self.of) = (operation, address, changes, of)
        self.until = until
    }

    /// The step's changes in groups, in the order of their first buckets.
    init(_ step: StepRequest) {
        operation = step.operation
        address = step.address
        of = step.bucketCount
        until = step.until
        var order: [Kind] = []
        var groups: [Kind: BucketSet] = [:]
        for change in step.changes {
            let kind = Kind(from: change.from, to: change.to, by: change.by)
            if groups[kind] == nil { order.append(kind) }
            groups[kind, default: []].insert(change.bucket)
        }
        changes = order.map {
            Group(buckets: groups[$0, default: []].description, from: $0.from, to: $0.to, by: $0.by)
        }
    }

    /// The step, its changes in ascending order of buckets.
    ///
    /// The work grows with the text and with the buckets there can be, however the text repeats them.
    ///
    /// - Throws: `AgentFailure` -32602 when a group's buckets cannot be read, or a bucket is named twice.
    func step() throws(AgentFailure) -> StepRequest {
        var all: [StepRequest.Change] = []
        var named = BucketSet()
        for group in changes {
            for run in try Self.runs(of: group) {
                guard named.count(in: run) == 0 else {
                    throw AgentFailure(number: -32602, message: "apply: a bucket of \(run) is named twice")
                }
                named.insert(run)
                all += run.map { StepRequest.Change(bucket: $0, from: group.from, to: group.to, by: group.by) }
            }
        }
        if changes.count > 1 { all.sort { $0.bucket < $1.bucket } }
        return StepRequest(operation: operation, address: address, changes: all, bucketCount: of, until: until)
    }

    private static func runs(of group: Group) throws(AgentFailure) -> [ClosedRange<Int>] {
        do throws(BucketSetError) {
            return try BucketSet.runs(in: group.buckets)
        } catch {
            throw AgentFailure(number: -32602, message: "apply: \(error)".madeSafe(limit: 200))
        }
    }
}
