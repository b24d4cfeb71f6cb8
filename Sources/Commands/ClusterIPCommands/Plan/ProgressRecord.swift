import ClusterModel
import Console
import Planning
import Wording

/// A line of `--format ndjson` while a plan is carried out; `event` says which kind it is.
enum ProgressRecord {
    /// A step that is over.
    struct Step: Encodable {
        let event = "step"
        var node: String
        var role: StepRole
        var buckets: [Int]
        var state: String
        var reason: String?

        init(_ status: StepStatus) {
            node = status.node
            role = status.role
            buckets = Array(status.buckets)
            state = status.progress.word
            reason = status.progress.failure?.sentence
        }
    }

    /// How many connections old owners still keep.
    struct Draining: Encodable {
        let event = "draining"
        var connectionsLeft: Int
        var secondsLeft: Int
        var nodes: [Node]

        /// One old owner.
        struct Node: Encodable {
            var name: String
            var buckets: [Bucket]
        }

        /// One of its buckets.
        struct Bucket: Encodable {
            var bucket: Int
            var connections: Int
        }

        init(_ line: DrainLine) {
            connectionsLeft = DrainLine.sum(line.left)
            secondsLeft = Int(max(line.secondsLeft, 0))
            nodes = line.left.sorted { $0.key < $1.key }.map { name, buckets in
                Node(
                    name: name,
                    buckets: buckets.sorted { $0.key < $1.key }.map { Bucket(bucket: $0.key, connections: $0.value) })
            }
        }
    }

    /// How long new owners still reset what they do not know.
    struct Finalizing: Encodable {
        let event = "settling"
        var secondsLeft: Int
    }

    /// The plan before it is carried out, or what became of it.
    struct Whole: Encodable {
        var event: String
        var plan: PlanReport
    }
}
