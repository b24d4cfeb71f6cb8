import ArgumentParser
import Planning

/// `clusterip rebalance`: spread the load fairly.
struct RebalanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebalance", abstract: "Spread the buckets fairly over the live nodes, with the fewest moves.",
        discussion: """
            By the number of buckets, in proportion to weights, or by the packets now measured. The plan says what part \
            of the load is on the wrong node before and after.

            \(PlanOptions.help)

            Examples:
              clusterip rebalance
              clusterip rebalance --weight node1=2 --weight node3=0
              clusterip rebalance --by rate --dry-run
            """)

    /// What is spread.
    enum By: String, CaseIterable, ExpressibleByArgument {
        case count
        case weight
        case rate
    }

    @Option(help: "count, weight or rate. Default: weight when there is a --weight, otherwise count.") var by: By?

    @Option(
        help: ArgumentHelp("A node's weight, 0 to 1000000; others weigh 1. May be repeated.", valueName: "node=weight"))
    var weight: [String] = []

    @OptionGroup var mode: ModeOption

    @OptionGroup var options: PlanOptions

    func validate() throws {
        _ = try weights()
        if let by, by != .weight, !weight.isEmpty { throw ValidationError("--weight goes with --by weight") }
    }

    func run() throws {
        let measure: Measure =
            switch by {
            case .rate: .rate
            case .count: .count
            case .weight: .weight(try weights())
            case nil: weight.isEmpty ? .count : .weight(try weights())
            }
        try PlanCommandBody(options: options).run(needsRates: by == .rate) { _ in
            .rebalance(measure, mode: mode.moveMode)
        }
    }

    private func weights() throws -> [String: Double] {
        var weights: [String: Double] = [:]
        for text in weight {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, let value = Double(parts[1]), value.isFinite else {
                throw ValidationError("\"\(text)\" is not a weight: write NODE=NUMBER, such as node1=2")
            }
            guard weights.updateValue(value, forKey: String(parts[0])) == nil else {
                throw ValidationError("\(parts[0]) has two weights: name it once")
            }
        }
        return weights
    }
}
