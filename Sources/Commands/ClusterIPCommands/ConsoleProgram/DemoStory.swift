import ClusterModel

/// What `demo --fail` does and says: a node is lost, and boots again when others serve its clients.
///
/// A pure state machine over what the console sees; times are seconds.
struct DemoStory: Hashable {
    /// What is to happen to the node.
    enum Act: Hashable { case kill, boot }

    /// What a turn brings.
    struct Turn: Hashable {
        var act: Act?
        var words: String?
    }

    /// What is seen of the cluster.
    struct Sight: Hashable {
        /// The node is heard, and is a member.
        var isMember: Bool
        /// The node owns a bucket.
        var isOwner: Bool
        /// Every bucket has an owner that is not this node.
        var isReplaced: Bool
        /// No node resets connections any more: the take-over is done.
        var isSettled = true
    }

    private enum Chapter: Hashable { case quiet, lost, replaced, booted, done }

    /// The node.
    let node: String
    /// The node is lost so long after the start.
    var delay = 15.0
    private static let repetition = 10.0

    private var chapter = Chapter.quiet
    private var began: Double?
    private var said = -Double.infinity

    /// A story about one node.
    init(node: String) { self.node = node }

    /// What happens now.
    mutating func turn(now: Double, _ sight: Sight) -> Turn {
        let start = began ?? now
        began = start
        switch chapter {
        case .quiet:
            guard now >= start + delay, sight.isOwner else { return Turn() }
            return enter(.lost, now, .kill)
        case .lost:
            guard sight.isReplaced else { return repeated(now) }
            return enter(.replaced, now)
        case .replaced:
            guard sight.isSettled, now >= said + Self.repetition / 2 else { return Turn() }
            return enter(.booted, now, .boot)
        case .booted:
            guard sight.isMember, sight.isOwner else { return sight.isMember ? repeated(now) : Turn() }
            return enter(.done, now)
        case .done:
            return Turn()
        }
    }

    private mutating func enter(_ next: Chapter, _ now: Double, _ act: Act? = nil) -> Turn {
        chapter = next
        said = now
        // What a booted node is, the console shows first.
        if next == .booted { said -= Self.repetition - 2 }
        return Turn(act: act, words: next == .booted ? nil : words)
    }

    private mutating func repeated(_ now: Double) -> Turn {
        guard now >= said + Self.repetition else { return Turn() }
        said = now
        return Turn(words: words)
    }

    private var words: String? {
        switch chapter {
        case .quiet: nil
        case .lost: "\(node) lost its power. Type :takeover \(node), read the plan, then U, Y, \(node), and why"
        case .replaced: "every bucket has an owner again; \(node) boots when the plan is done, in a minute"
        case .booted: "\(node) is back and owns nothing. Type :restore \(node), then Y and Enter"
        case .done: "\(node) serves again: that was all. q ends the demo"
        }
    }
}

extension DemoStory.Sight {
    /// What a console sees of a node; nothing before the first snapshot.
    init(_ snapshot: ClusterSnapshot?, node name: String) {
        let index = snapshot?.index(ofNode: name)
        let node = index.flatMap { snapshot?.nodes[$0] }
        let isLive = node?.state == .live
        isMember = isLive && node?.sample != nil
        isOwner = isMember && node?.ownership.accepting.isEmpty == false
        isSettled = snapshot?.nodes.allSatisfy { $0.ownership.adopted.isEmpty } == true
        isReplaced = !isOwner && snapshot?.coverage.owners.allSatisfy { $0 != nil && $0 != index } == true
    }
}
