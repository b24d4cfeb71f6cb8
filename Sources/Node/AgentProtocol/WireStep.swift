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

    /// The step's changes in groups, in the order of their first buckets.
    init(_ step: StepRequest) {
        operation = step.operation
        address = step.address
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
    /// - Throws: `AgentFailure` -32602 when a group's buckets cannot be read.
    func step() throws(AgentFailure) -> StepRequest {
        var all: [StepRequest.Change] = []
        for group in changes {
            do throws(BucketSetError) {
                all += try BucketSet(parsing: group.buckets).map {
                    StepRequest.Change(bucket: $0, from: group.from, to: group.to, by: group.by)
                }
            } catch { throw AgentFailure(number: -32602, message: "apply: \(error)".madeSafe(limit: 200)) }
        }
        if changes.count > 1 { all.sort { $0.bucket < $1.bucket } }
        return StepRequest(operation: operation, address: address, changes: all)
    }
}
