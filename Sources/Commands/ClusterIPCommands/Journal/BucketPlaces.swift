import ClusterModel
import Planning

/// Where the buckets of an earlier plan are, by what the kernels hold now.
struct BucketPlaces {
    private var moved = BucketSet()
    private var untouched = BucketSet()
    private var ownerless = BucketSet()
    private var elsewhere = BucketSet()
    private let plan: Plan

    init(_ plan: Plan, _ snapshot: ClusterSnapshot) {
        self.plan = plan
        for move in plan.moves {
            switch snapshot.owner(of: move.bucket)?.name {
            case move.to: moved.insert(move.bucket)
            case nil: ownerless.insert(move.bucket)
            case move.from: untouched.insert(move.bucket)
            default: elsewhere.insert(move.bucket)
            }
        }
    }

    /// Every bucket is where the plan wanted it.
    var isDone: Bool { ownerless.isEmpty && untouched.isEmpty && elsewhere.isEmpty }

    /// Every bucket is where the plan found it.
    var isUntouched: Bool { ownerless.isEmpty && moved.isEmpty && elsewhere.isEmpty }

    /// A line for each place where there are any.
    var text: String {
        [
            ("where it wanted them", moved), ("answered by nobody", ownerless), ("where they were before", untouched),
            ("on another node by now", elsewhere),
        ].filter { !$0.1.isEmpty }.map { "buckets \($0.1): \($0.0)\n" }.joined()
    }
}
