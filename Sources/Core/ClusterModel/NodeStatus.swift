/// What the console knows of one node with respect to one cluster address.
public struct NodeStatus: Hashable, Sendable {
    /// The node's name in the cluster file, made safe for a terminal.
    public var name: String
    /// How well it is heard.
    public var state: NodeState
    /// Why it is not live, one sentence; nil when it is.
    public var reason: String?
    /// The last sample, also when it is old; nil before the first.
    public var sample: ClusterSample?
    /// The last sample before the node's table vanished while the node was watched; nil when it has one, or never had.
    public var lost: ClusterSample?
    /// The age of the last sample in seconds, as the console's clock counts it.
    public var age: Double?
    /// The time a request to the agent and its answer take, in milliseconds.
    public var linkDelay: Double?
    /// Rates of bucket i+1 at index i, by the agent's own clock; empty before the second sample.
    public var rates: [BucketRates]
    /// The ruleset generation of the last sample.
    public var generation: UInt32?
    /// The last commit of the node's ruleset that was seen, by whomever.
    public var lastChange: RulesetChange?

    /// A status from its parts.
    public init(
        name: String, state: NodeState, reason: String? = nil, sample: ClusterSample? = nil,
        lost: ClusterSample? = nil, age: Double? = nil, linkDelay: Double? = nil, rates: [BucketRates] = [],
        generation: UInt32? = nil, lastChange: RulesetChange? = nil
    ) {
        self.name = name
        self.state = state
        self.reason = reason
        self.sample = sample
        self.lost = lost
        self.age = age
        self.linkDelay = linkDelay
        self.rates = rates
        self.generation = generation
        self.lastChange = lastChange
    }

    /// What the node owned when it was last heard.
    public var ownership: Ownership { sample?.ownership ?? Ownership() }

    /// The sum of all buckets' rates.
    public var totalRates: BucketRates {
        rates.reduce(into: BucketRates()) { total, rates in
            total.arrived = total.arrived + rates.arrived
            total.answered = total.answered + rates.answered
        }
    }
}
