import ClusterModel
import Planning

extension PlanKind {
    /// What the plan is for: "move 3,7-9 to node2".
    public var title: String {
        switch self {
        case .requested(let request): request.title
        case .finish(let kind): "finish: \(kind.title)"
        case .undo(let kind): "undo: \(kind.title)"
        case .unknown(let title): title
        }
    }
}

extension PlanRequest {
    /// The request in words: "move 3,7-9 to node2".
    public var title: String {
        switch self {
        case .move(let buckets, let target, _): "move \(buckets.summary) to \(target)"
        case .drain(let node, _): "drain \(node)"
        case .restore(let node, _): "restore \(node)"
        case .takeOver(let node, let target): "take over from \(node)" + (target.map { " to \($0)" } ?? "")
        case .repair: "repair"
        case .rebalance(let measure, _): "rebalance by \(measure.words)"
        case .adopt(let node): "adopt " + (node.map { "\($0)'s " } ?? "") + "lost connections"
        case .finalize(let node): "settle" + (node.map { " \($0)" } ?? "")
        case .install(let settings, _, _): "install \(settings.name)"
        case .join(let node, _): "join \(node)"
        case .reinstall(let node, _): "reinstall \(node)"
        case .leave(let node): "leave \(node)"
        case .end: "uninstall"
        case .resize(let total): "resize to \(total) buckets"
        }
    }
}

extension Measure {
    /// The measure in a word or two: "count", "weight node1=2", "rate".
    var words: String {
        switch self {
        case .count: "count"
        case .weight(let weights):
            "weight "
                + weights.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.text($0.value))" }.joined(separator: " ")
        case .rate: "rate"
        }
    }

    /// A number without a fraction of zero.
    private static func text(_ number: Double) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

/// The parts of a plan that the command line and the console print in the same words.
extension Plan {
    /// What the plan is for: "move 3,7-9 to node2".
    public var title: String { kind.title }

    /// What is touched, a sentence for each node that gives buckets up: "node1: 12 live connections, 340 packets/s".
    public var impactSentences: [String] {
        (impact ?? [:]).sorted { $0.key < $1.key }.map { node, impact in
            let parts = [
                impact.connections.map { $0 == 1 ? "1 live connection" : "\($0) live connections" },
                impact.rate.map { "\(Self.whole($0.packetsPerSecond)) packets/s" },
            ]
            return "\(node): \(parts.compactMap { $0 }.joined(separator: ", "))"
        }
    }

    /// How well the load is spread: "37.5 % of the buckets are on the wrong node now, 0.0 % afterwards"; nil when the
    /// plan is not about that.
    public var balanceSentence: String? {
        balance.map { balance in
            "\(Self.percent(balance.imbalanceBefore)) of the \(balance.unit) are on the wrong node now, "
                + "\(Self.percent(balance.imbalanceAfter)) afterwards"
        }
    }

    private static func percent(_ part: Double) -> String {
        let tenths = whole(part * 1000)
        return "\(tenths / 10).\(tenths % 10) %"
    }

    /// The nearest whole number, by hand: rounding would need the mathematical library in a target that links nothing.
    private static func whole(_ value: Double) -> Int { value >= 0 && value < 1e15 ? Int(value + 0.5) : 0 }
}

extension Staleness {
    /// What changed and who answers now: "bucket 2 was owned on node1 and is draining there now; node3 answers it".
    public var sentence: String {
        "\(buckets.named) was \(then?.rawValue ?? "not owned") on \(node) and is "
            + "\(now?.rawValue ?? "not owned") there now; "
            + (owners.isEmpty
                ? "nobody answers it" : "\(Lists.and(owners)) \(owners.count == 1 ? "answers" : "answer") it")
    }
}

/// Times in sentences.
enum Durations {
    /// "90 s", "10 min", "2 h".
    static func words(_ seconds: Double) -> String {
        let whole = Numbers.whole(seconds)
        if Double(whole) != seconds { return "\(Numbers.tenths(seconds)) s" }
        if whole > 0, whole % 3600 == 0 { return "\(whole / 3600) h" }
        return whole > 0 && whole % 60 == 0 ? "\(whole / 60) min" : "\(whole) s"
    }
}
