import ClusterModel
import SimulatedNodes

/// What enforces ownership on a node of a run.
enum SimulatedKind: CaseIterable {
    /// A table of ours.
    case table
    /// ipt_CLUSTERIP, or rules of xt_cluster: who owns what and nothing else, one bucket at a time; marks are kept beside it.
    case rules
    /// Rules that only their own program changes, such as Pacemaker's.
    case foreign

    /// A driver with what it can do there.
    var driver: SimulatedDriver {
        switch self {
        case .table: SimulatedDriver()
        case .rules:
            SimulatedDriver(
                name: "rules",
                capabilities: Capabilities(counters: [], abilities: [.moving, .marks], mostBuckets: 32))
        case .foreign:
            SimulatedDriver(name: "foreign", capabilities: Capabilities(counters: [], abilities: []))
        }
    }

    /// Whether the node leaves alone what another one keeps.
    var ignoresStrangers: Bool { self == .table }

    /// A kind drawn at random.
    init(_ random: inout SplitMix) {
        switch random.below(8) {
        case 0...3: self = .rules
        case 4...6: self = .table
        default: self = .foreign
        }
    }
}
