import ArgumentParser
import ClusterModel
import Planning

/// `clusterip move`: give buckets to another node.
struct MoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Give buckets to another node, without ever making two owners.",
        discussion: """
            \(PlanOptions.help)

            Examples:
              clusterip move 3,7-9 --to node2
              clusterip move 3 --to node2 --dry-run --format json
              clusterip move 1-16 --to node1 --mode immediate --force connections-reset
            """)

    @Argument(help: "Buckets, such as 3,7-9.") var buckets: String

    @Option(help: "The node that is to answer them.") var to: String

    @OptionGroup var mode: ModeOption

    @OptionGroup var options: PlanOptions

    func run() throws {
        try PlanCommandBody(options: options).run { snapshot throws(CommandError) in
            do throws(BucketSetError) {
                let buckets = try BucketSet(parsing: self.buckets, total: snapshot.configuration.bucketCount)
                return .move(buckets, to: to, mode: mode.moveMode)
            } catch { throw CommandError(error.description) }
        }
    }
}

/// How old owners give up their buckets.
struct ModeOption: ParsableArguments {
    /// The modes that a living owner has.
    enum Mode: String, CaseIterable, ExpressibleByArgument {
        case graceful
        case immediate
    }

    @Option(
        help:
            "graceful: the old owner keeps its established TCP connections; immediate: it forgets them, and they break."
    )
    var mode = Mode.graceful

    /// The planner's word for it.
    var moveMode: MoveMode { mode == .graceful ? .graceful : .immediate }
}
