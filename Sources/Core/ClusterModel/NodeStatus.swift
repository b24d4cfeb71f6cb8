/// What the console knows of one node with respect to one cluster address.
public struct NodeStatus: Hashable, Sendable {
    /// The node's name in the cluster file, made safe for a terminal.
    public var name: String
    /// How well it is heard.
    public var state: NodeState
    /// Why it is not live, as far as it is known; nil when it is.
    public var failure: LinkFailure?
    /// The last sample, also when it is old; nil before the first.
    public var sample: ClusterSample?
    /// The last sample before the node's table vanished while the node was watched; nil when it has one, or never had.
    public var lost: ClusterSample?
    /// Whether an interface carries the cluster address although the node has no table for it.
    public var isBare: Bool
    /// Whether a guard keeps the node silent about the cluster address when it has no table.
    public var isGuarded = false
    /// Whether the node becomes a member by itself when it boots; nil when that is not known.
    public var isBootMember: Bool?
    /// The age of the last sample in seconds, as the console's clock counts it.
    public var age: Double?
    /// The time a request to the agent and its answer take, in milliseconds.
    public var linkDelay: Double?
    /// Rates of bucket i+1 at index i, by the agent's own clock; empty before the second sample.
    public var rates: [BucketRates]
    /// What arrived between the last three samples, oldest first; two, or fewer before they were taken.
    public var arrivals: [Arrivals]
    /// The ruleset generation of the last sample.
    public var generation: UInt32?
    /// The last commit of the node's ruleset that was seen, by whomever.
    public var lastChange: RulesetChange?
    /// The other program that changed this cluster's table in the last minutes; nil after one of ours did.
    public var foreignChange: ProgramIdentity.Process?
    /// What the node said of itself when it was last heard.
    public var facts: NodeFacts
    /// Which machine its agent says that it runs on; nil before it introduced itself.
    public var host: HostIdentity?
    /// What it said in the last minutes that cannot be.
    public var contradictions: [Contradiction] = []
    /// Buckets in which at least ten packets reached it in each of the last two times between samples.
    public var heardBuckets = BucketSet()
    /// Buckets in which no packet reached it in either of them.
    public var quietBuckets = BucketSet()
    /// What its host sent back to what it let in; nil when that is not known.
    public var service: ServiceRecord?
    /// The drivers of its agent; empty before it introduced itself.
    public var drivers: [DriverDescription]
    /// The drivers that could not be asked when it was last heard.
    public var driverFailures: [DriverFailure]
    /// Whether its agent refuses every change.
    public var isReadOnly: Bool

    /// A status from its parts.
    public init(
        name: String, state: NodeState, failure: LinkFailure? = nil, sample: ClusterSample? = nil,
        lost: ClusterSample? = nil, isBare: Bool = false, age: Double? = nil, linkDelay: Double? = nil,
        rates: [BucketRates] = [], arrivals: [Arrivals] = [], generation: UInt32? = nil,
        lastChange: RulesetChange? = nil, foreignChange: ProgramIdentity.Process? = nil,
        facts: NodeFacts = NodeFacts(), drivers: [DriverDescription] = [], driverFailures: [DriverFailure] = [],
        isReadOnly: Bool = false
    ) {
        self.name = name
        self.state = state
        self.failure = failure
        self.sample = sample
        self.lost = lost
        self.isBare = isBare
        self.age = age
        self.linkDelay = linkDelay
        self.rates = rates
        self.arrivals = arrivals
        self.generation = generation
        self.lastChange = lastChange
        self.foreignChange = foreignChange
        self.facts = facts
        self.drivers = drivers
        self.driverFailures = driverFailures
        self.isReadOnly = isReadOnly
    }

    /// What the node owned when it was last heard.
    public var ownership: Ownership { sample?.ownership ?? Ownership() }

    /// Whether it serves the connections that it has, as far as is known: packets reach its address, answers can leave it, and
    /// its service sends some.
    public var canServe: Bool {
        if case .silent? = service?.state { return false }
        return sample?.health.canServe != false
    }
}
