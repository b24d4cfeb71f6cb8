import CNetfilter
import ClusterModel
import Glibc
import Responsibility

/// The driver that enforces ownership by a table of nftables, on Linux 5.7 and later.
///
/// Everything it knows is in the kernel. What it has read stays valid until the ruleset's generation changes, so that a
/// sample of an unchanged ruleset reads the counters and the interface, and nothing else.
public final class NftablesDriver: Driver {
    /// "nftables".
    public let name = "nftables"

    let socket: NetlinkSocket
    let links: LinkSocket
    let conntrackCount = ProcNumber("/proc/sys/net/netfilter/nf_conntrack_count")
    let conntrackLimit = ProcNumber("/proc/sys/net/netfilter/nf_conntrack_max")
    var view: RulesetView?
    /// The layout of the tables that are made; tests make tables of older editions.
    var newLayout: TableLayout
    /// Called between the read and the commit of a step, for tests of what happens when somebody else commits there.
    var beforeCommit: (() -> Void)?

    /// Opens the driver's sockets in the network namespace of the calling thread; they stay in it.
    ///
    /// - Parameter marksConnections: whether the tables that it makes may mark connections; false leaves the marks to
    ///   another program, at the price of a second hash for every packet that is let in.
    /// - Throws: `.notSupported` when the kernel has no netlink for netfilter.
    public init(marksConnections: Bool = true) throws(DriverError) {
        newLayout = marksConnections ? .second : .markless
        do throws(KernelError) {
            socket = try NetlinkSocket(Int32(NETLINK_NETFILTER))
            links = try LinkSocket()
        } catch {
            throw DriverError(.notSupported, "This kernel offers no netlink socket for netfilter: \(error.text).")
        }
    }

    /// The operation id written beside each bucket's ownership element, or beside its release, by bucket.
    public func operations(of address: IPAddress) throws(DriverError) -> [Int: String] {
        try cluster(address).operations
    }

    /// The cluster of an address, as the kernel holds it now.
    func cluster(_ address: IPAddress) throws(DriverError) -> RulesetView.Cluster {
        guard let cluster = try currentView().clusters.first(where: { $0.address == address }) else {
            throw DriverError.notInstalled(address)
        }
        return cluster
    }

    /// The ruleset as it is now: what was read before, when nothing has changed since.
    func currentView() throws(DriverError) -> RulesetView {
        do throws(KernelError) {
            let reader = RulesetReader(socket: socket)
            for _ in 0..<16 {
                let generation = try reader.generation()
                if let view, view.generation == generation { return view }
                view = try RulesetView(reader, generation: generation)
            }
        } catch {
            throw sentence(error, doing: "reading the ruleset")
        }
        throw DriverError(.busy, "The ruleset keeps changing; try again when other programs have finished with it.")
    }

    /// The error for a refusal of the kernel.
    func sentence(_ error: KernelError, doing action: String) -> DriverError {
        switch error.number {
        case EPERM, EACCES:
            DriverError(
                .notPermitted,
                "The kernel does not permit \(action); run as root, or with the capability CAP_NET_ADMIN.")
        case EBUSY, KernelError.restart:
            DriverError(.busy, "The ruleset keeps changing while \(action); try again.")
        default:
            DriverError(.kernel, "The kernel failed while \(action): \(error.text).")
        }
    }
}
