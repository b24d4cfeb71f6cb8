import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

/// The driver that enforces ownership by a table of nftables, on Linux 5.7 and later.
///
/// Everything it knows is in the kernel. What it has read stays valid until the ruleset's generation changes, so that a
/// sample of an unchanged ruleset reads the counters and the interface, and nothing else.
public final class NftablesDriver: Driver {
    /// "nftables".
    public let name = "nftables"
    /// Everything, for IPv4 addresses.
    public let capabilities: Capabilities = {
        var capabilities = Capabilities.full
        capabilities.counters.insert(.replied)
        return capabilities
    }()

    let probe: LinuxProbe
    var socket: NetlinkSocket { probe.netfilter }
    var links: LinkSocket { probe.links }
    var view: RulesetView?
    /// Transactions of ours that the view does not show yet: who waits for a step's answer does not wait for that.
    var commits: [OwnCommit] = []
    /// The counting of each large table.
    var gradual: [IPAddress: GradualCounting] = [:]
    /// The monotonic clock, in nanoseconds, by which large tables are read; tests and benchmarks have their own.
    package lazy var clock: () -> UInt64 = { [probe] in probe.monotonicNanoseconds }
    /// The layout of the tables that are made; tests make tables of older editions.
    var newLayout: TableLayout
    /// Called between the read and the commit of a step, for tests of what happens when somebody else commits there.
    var beforeCommit: (() -> Void)?

    /// A driver of a node, over its sockets.
    ///
    /// - Parameter marksConnections: whether the tables that it makes may mark connections; false leaves the marks to
    ///   another program, at the price of a second hash for every packet that is let in.
    public init(_ probe: LinuxProbe, marksConnections: Bool = true) {
        self.probe = probe
        newLayout = marksConnections ? .second : .markless
    }

    /// Whether it has the address by what it has read last.
    public func likelyHas(_ address: IPAddress) -> Bool { view?.clusters.contains { $0.address == address } ?? false }

    /// Whether the node's kernel has tables of IPv4 packets at all; true also where this program may not ask.
    package static func isOffered(on probe: LinuxProbe) -> Bool {
        var transaction = RulesetTransaction(probe.netfilter, generation: 0)
        transaction.add(NFT_MSG_NEWTABLE, family: AF_INET, flags: NLM_F_CREATE) {
            mnl_attr_put_strz($0, UInt16(NFTA_TABLE_NAME.rawValue), "clusterip_rehearsal")
        }
        transaction.add(NFT_MSG_NEWCHAIN, family: AF_INET, flags: NLM_F_CREATE) { message in
            mnl_attr_put_strz(message, UInt16(NFTA_CHAIN_TABLE.rawValue), "clusterip_rehearsal")
            mnl_attr_put_strz(message, UInt16(NFTA_CHAIN_NAME.rawValue), "prerouting")
            mnl_attr_put_strz(message, UInt16(NFTA_CHAIN_TYPE.rawValue), "filter")
            let hook = mnl_attr_nest_start(message, UInt16(NFTA_CHAIN_HOOK.rawValue))
            mnl_attr_put_u32(
                message, UInt16(NFTA_HOOK_HOOKNUM.rawValue), UInt32(NF_INET_PRE_ROUTING.rawValue).bigEndian)
            mnl_attr_put_u32(message, UInt16(NFTA_HOOK_PRIORITY.rawValue), 0)
            mnl_attr_nest_end(message, hook)
        }
        do throws(KernelError) { try transaction.rehearse() } catch {
            return ![EOPNOTSUPP, EAFNOSUPPORT, EINVAL, EPROTONOSUPPORT, ENOENT].contains(error.number)
        }
        return true
    }

    /// The settings of a cluster address that has a table of ours.
    public func configuration(of address: IPAddress) throws(DriverError) -> ClusterConfiguration? {
        try currentView().clusters.first { $0.address == address }?.configuration
    }

    /// The operation id written beside each bucket's ownership element, or beside its release, by bucket.
    public func operations(of address: IPAddress) throws(DriverError) -> [Int: String] {
        postponeCounting(of: address)
        return try cluster(address).operations
    }

    /// The cluster of an address, as the kernel holds it now.
    func cluster(_ address: IPAddress) throws(DriverError) -> RulesetView.Cluster {
        guard let cluster = try currentView().clusters.first(where: { $0.address == address }) else {
            throw DriverError.notInstalled(address)
        }
        return cluster
    }

    /// A step that was carried out.
    struct OwnCommit {
        var changes: [StepRequest.Change]
        var step: StepRequest
        var note: OperationNote?
    }

    /// The ruleset as it is now: what was read before, when nothing has changed since.
    func currentView() throws(DriverError) -> RulesetView {
        for commit in commits {
            view?.apply(commit.changes, to: commit.step.address, operation: commit.step.operation, commit.note)
        }
        commits = []
        do throws(KernelError) {
            let reader = RulesetReader(socket: socket)
            for _ in 0..<16 {
                guard let generation = try reader.generationIfAny() else { return .none }
                if let view, view.generation == generation { return view }
                view = try RulesetView(reader, generation: generation)
            }
        } catch {
            throw .kernel(error, doing: "reading the ruleset")
        }
        throw DriverError(.busy, "The ruleset keeps changing; try again when other programs have finished with it.")
    }
}
