import SimulatedNodes

/// Which faults a run has, and how often: each run has a mixture of its own.
///
/// Some mistakes show only where many faults meet, others only where nothing else disturbs them.
///
/// Source: Groce et al., "Swarm testing", 2012.
struct FaultProfile {
    /// What happens to nodes and consoles, each as often as it weighs.
    let nodeFaults: [NodeFault]
    /// The longest time between two of them, in milliseconds.
    let longestPause: UInt64
    /// What happens to calls and answers on their way.
    let packets: PacketFaults
    /// A console dies once in so many lines of its journal, and once in so many steps that it sends.
    let consoleDeathOnceIn: UInt64
    /// The buckets that are moved are 1 to this.
    let buckets: UInt64

    /// A profile drawn at random.
    init(buckets total: UInt64, _ random: inout SplitMix) {
        var nodeFaults: [NodeFault] = []
        for fault in NodeFault.allCases where random.below(5) < 3 {
            nodeFaults += Array(repeating: fault, count: fault.weight)
        }
        self.nodeFaults = nodeFaults.isEmpty ? [.killAgents] : nodeFaults
        longestPause = [800, 1200, 3000][Int(random.below(3))]
        packets = PacketFaults(&random)
        consoleDeathOnceIn = [15, 60, 200][Int(random.below(3))]
        buckets = 1 + random.below(total)
    }
}

/// What happens to a node or a console.
enum NodeFault: CaseIterable {
    case killAgents, stopAgents, cutOff, powerOff, flush, loseElement, addElement, killConsole

    fileprivate var weight: Int {
        switch self {
        case .killAgents, .stopAgents: 5
        case .cutOff: 4
        case .killConsole, .powerOff: 2
        case .flush, .loseElement, .addElement: 1
        }
    }
}

/// What happens to calls and answers on their way; probabilities are in percent.
struct PacketFaults {
    /// What becomes of one frame.
    enum Fate { case lost, duplicated, delayed, delivered }

    /// How many are lost.
    let lossProbability: UInt64
    /// How many arrive twice.
    let duplicationProbability: UInt64
    /// How many arrive late.
    let delayProbability: UInt64

    fileprivate init(_ random: inout SplitMix) {
        lossProbability = [0, 5, 15][Int(random.below(3))]
        duplicationProbability = [0, 15, 40][Int(random.below(3))]
        delayProbability = [0, 6, 20][Int(random.below(3))]
    }

    /// Draws what becomes of the next frame.
    func fate(_ random: inout SplitMix) -> Fate {
        let number = random.below(100)
        if number < lossProbability { return .lost }
        if number < lossProbability + duplicationProbability { return .duplicated }
        return number < lossProbability + duplicationProbability + delayProbability ? .delayed : .delivered
    }
}
