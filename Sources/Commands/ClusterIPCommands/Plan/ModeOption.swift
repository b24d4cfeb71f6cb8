import ArgumentParser
import Planning

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
