import ClusterModel
import Responsibility

/// One request to one node within a plan.
public struct PlanStep: Hashable, Sendable {
    /// Its name within the plan.
    public let id: StepID
    /// What the node is asked to do.
    public var action: StepAction
    /// The steps that must have been done before it is sent.
    public var needs: [StepID]
    /// The steps that must be over before it is sent, in whatever way.
    public var waits: [StepID]

    /// A step from its parts.
    public init(_ id: StepID, _ action: StepAction, needs: [StepID] = [], waits: [StepID] = []) {
        self.id = id
        self.action = action
        self.needs = needs
        self.waits = waits
    }

    /// What it does for its plan.
    public var role: StepRole { id.role }

    /// The node that carries it out.
    public var node: String { id.node }

    /// The buckets it is about.
    public var buckets: BucketSet {
        switch action {
        case .change(let request): BucketSet(request.changes.map(\.bucket))
        case .dropConnections(_, let buckets): buckets
        case .membership, .enroll: []
        }
    }

    /// The changes of ownership that it makes; none when it makes none.
    public var changes: [StepRequest.Change] {
        get {
            if case .change(let request) = action { request.changes } else { [] }
        }
        set {
            guard case .change(var request) = action else { return }
            request.changes = newValue
            action = .change(request)
        }
    }

    /// The cluster address that it is about.
    public var address: IPAddress {
        switch action {
        case .change(let request): request.address
        case .dropConnections(let address, _), .membership(let address, _), .enroll(let address, _, _): address
        }
    }

    /// The nodes whose release it needs, in order of name.
    public var after: [String] { needs.filter { $0.role == .release }.map(\.node).sorted() }
}

/// What a node is asked to do in a step.
public enum StepAction: Hashable, Sendable {
    /// To change the ownership of buckets: a compare-and-set.
    case change(StepRequest)
    /// To forget the tracked connections of these buckets.
    case dropConnections(IPAddress, BucketSet)
    /// To become a member of the address's cluster, to be made anew, or to leave.
    case membership(IPAddress, MembershipChange)
    /// To list these names as members, and those no more.
    case enroll(IPAddress, adding: [String], removing: [String])
}

/// What a step does for its plan.
public enum StepRole: String, CaseIterable, Sendable, Codable {
    /// A node writes the plan's mark beside buckets that it does not answer: no older claim of them can be carried out there
    /// any more.
    case `guard`
    /// The old owner gives its buckets up.
    case release
    /// The old owner forgets the buckets' connections.
    case drop
    /// The new owner takes them.
    case claim
    /// The old owner gets back what could not be claimed.
    case giveBack = "give_back"
    /// The old owner lets go of what drained.
    case endDrain = "end_drain"
    /// The new owner begins to reset connections that it does not know.
    case adopt
    /// The new owner ends resetting what it does not know.
    case finalize
    /// The node becomes a member that owns nothing.
    case admit
    /// The node's table is made anew.
    case rebuild
    /// The node, which owns nothing, stops being a member.
    case leave
    /// The node stops being a member, whatever it owns.
    case end

    /// The node's kernel lists who is a member.
    case enroll

    /// Whether it changes who is a member, or how a member places flows.
    public var isMembership: Bool {
        switch self {
        case .admit, .rebuild, .leave, .end, .enroll: true
        case .guard, .release, .drop, .claim, .giveBack, .endDrain, .adopt, .finalize: false
        }
    }

    /// Whether it only ends what a plan has left behind: every bucket is where it should be without it.
    public var isClosing: Bool { self == .endDrain || self == .adopt || self == .finalize }
}

/// The name of a step within its plan: what it does, on which node, and for which other node.
public struct StepID: Hashable, Sendable, CustomStringConvertible {
    /// What the step does.
    public var role: StepRole
    /// The node that carries it out.
    public var node: String
    /// The node at the other end: of a claim the old owner, of a give-back the node that did not claim, of what closes a plan
    /// the node that drained the buckets; nil when there is none.
    public var peer: String?
    /// Which of several such steps, from 1.
    public var part: Int

    /// A name from its parts.
    public init(_ role: StepRole, on node: String, peer: String? = nil, part: Int = 1) {
        self.role = role
        self.node = node
        self.peer = peer
        self.part = part
    }

    /// A node confirms that it does not answer.
    public static func `guard`(_ node: String) -> StepID { StepID(.guard, on: node) }
    /// An old owner releases.
    public static func release(_ node: String) -> StepID { StepID(.release, on: node) }
    /// An old owner forgets connections.
    public static func drop(_ node: String) -> StepID { StepID(.drop, on: node) }
    /// A new owner claims what another node released; nil: what nobody answered.
    public static func claim(_ node: String, from owner: String?) -> StepID { StepID(.claim, on: node, peer: owner) }
    /// An old owner gets back what another node did not claim.
    public static func giveBack(_ node: String, from claimant: String) -> StepID {
        StepID(.giveBack, on: node, peer: claimant)
    }
    /// An old owner lets go of what drained; the second part is what drains on.
    public static func endDrain(_ node: String, part: Int = 1) -> StepID { StepID(.endDrain, on: node, part: part) }
    /// A new owner begins to reset what an old one kept.
    public static func adopt(_ node: String, from owner: String) -> StepID { StepID(.adopt, on: node, peer: owner) }
    /// A new owner ends resetting; what an old one kept, when a plan began it.
    public static func finalize(_ node: String, from owner: String? = nil) -> StepID {
        StepID(.finalize, on: node, peer: owner)
    }

    /// "claim on node3 from node1".
    public var description: String {
        "\(role.rawValue) on \(node)" + (peer.map { " from \($0)" } ?? "") + (part > 1 ? " (\(part))" : "")
    }
}
