import ClusterModel
import Responsibility

extension DriverObstacle {
    /// What is in the way, behind the node's name: "its driver nftables has at most 64 buckets, not 100".
    public var sentence: String {
        switch self {
        case .readOnly: "its agent was started with --read-only"
        case .noTables: "its kernel has no tables of nftables for IPv4; Linux 5.7 or later with nft_hash has them"
        case .noDriver(let name, let there):
            "it has no driver \"\(name.madeSafe(limit: 40))\"; there are \(there.joined(separator: ", "))"
        case .lacks(let driver, let lack): "its driver \(driver) \(lack.sentence)"
        }
    }
}

extension Capabilities.Lack {
    /// What the driver cannot do, behind its name: "cannot keep connections of a bucket that it gave up".
    public var sentence: String {
        switch self {
        case .ability(let ability): ability.lackSentence
        case .counter(let counter): "does not count what \(counter.subject)"
        case .family(let family): "has no cluster addresses of \(family == .v4 ? "IPv4" : "IPv6")"
        case .buckets(let count, let most): "has at most \(most) buckets, not \(count)"
        }
    }

    /// What the driver cannot do in a word or two: "draining", "accepted counters".
    public var word: String {
        switch self {
        case .ability(.atomicSteps): "atomic steps"
        case .ability(let ability): ability.rawValue
        case .counter(let counter): "\(counter.rawValue) counters"
        case .family(let family): family == .v4 ? "IPv4" : "IPv6"
        case .buckets(let count, _): "\(count) buckets"
        }
    }
}

extension Capabilities.Ability {
    /// What a driver without the ability cannot do.
    var lackSentence: String {
        switch self {
        case .membership: "cannot make a node a member or end its membership"
        case .moving: "cannot change which buckets the node owns"
        case .draining: "cannot keep the connections of a bucket that it gives up"
        case .ignoring: "cannot tell connections that another node keeps, and resets them"
        case .migrating: "cannot let a table of ours take the place of its rules"
        case .adopting: "cannot reset connections that it never saw"
        case .marks: "keeps no operation's mark in the kernel, so that a late request could not be told from a new one"
        case .atomicSteps: "changes one bucket at a time"
        }
    }

    /// What that means for the clients of a plan.
    var consequence: String {
        switch self {
        case .draining: "their connections break"
        case .ignoring:
            "what the old owner would keep breaks at the next packet, unless nf_conntrack_tcp_loose is 0 there"
        case .adopting: "clients of such connections wait until they give up by themselves"
        case .atomicSteps: "a failure can leave a step half done"
        case .marks: "it is believed as it was last heard, and what its own program does meanwhile is not seen"
        case .membership, .moving, .migrating: "the plan cannot be carried out there"
        }
    }
}

extension PeerArrivals {
    /// What arrived, and who counted it.
    public var sentence: String { "\(packets) packets for its buckets reached \(peer), as they reach every node" }
}

extension Counter {
    fileprivate var subject: String {
        switch self {
        case .arrived: "arrives"
        case .accepted: "it accepts"
        case .replied: "the host sends back"
        }
    }
}

extension JhashGeneration {
    /// The kernels that have it.
    public var kernels: String {
        switch self {
        case .lookup2: "Linux before 2.6.37"
        case .lookup3WithoutLength: "Linux 2.6.37 to 4.0"
        case .lookup3: "Linux 4.1 or later"
        }
    }
}
