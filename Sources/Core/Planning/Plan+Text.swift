import ClusterModel

/// The parts of a plan that the command line and the console print in the same words.
extension Plan {
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

    /// How well the load is spread: "37.5 % of the buckets are on the wrong node now, 0.0 % afterwards"; nil when the plan
    /// is not about that.
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
