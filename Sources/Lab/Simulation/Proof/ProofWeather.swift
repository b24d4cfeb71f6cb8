/// Which faults a run has, and how often: each run has a mixture of its own.
///
/// Some mistakes show only where many faults meet, others only where nothing else disturbs them.
///
/// Source: Groce et al., "Swarm testing", 2012.
struct ProofWeather {
    /// What strikes a node or a console.
    enum Strike: CaseIterable {
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

    /// What strikes, each as often as it weighs.
    let strikes: [Strike]
    /// The longest time between two strikes, in milliseconds.
    let longestCalm: UInt64
    /// Of a hundred calls and answers so many are lost.
    let lost: UInt64
    /// Of a hundred calls and answers so many arrive twice.
    let doubled: UInt64
    /// Of a hundred calls and answers so many are late.
    let late: UInt64
    /// A console dies once in so many lines of its journal, and once in so many steps that it sends.
    let deathOnceIn: UInt64
    /// The buckets that are moved are 1 to this.
    let buckets: UInt64

    /// Weather drawn at random.
    init(buckets total: UInt64, _ random: inout SplitMix) {
        var strikes: [Strike] = []
        for strike in Strike.allCases where random.below(5) < 3 {
            strikes += Array(repeating: strike, count: strike.weight)
        }
        self.strikes = strikes.isEmpty ? [.killAgents] : strikes
        longestCalm = [800, 1200, 3000][Int(random.below(3))]
        lost = [0, 5, 15][Int(random.below(3))]
        doubled = [0, 15, 40][Int(random.below(3))]
        late = [0, 6, 20][Int(random.below(3))]
        deathOnceIn = [15, 60, 200][Int(random.below(3))]
        buckets = 1 + random.below(total)
    }
}
