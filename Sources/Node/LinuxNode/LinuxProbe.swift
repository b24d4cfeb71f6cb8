import CNetfilter
import ClusterModel
import Glibc
import NodeDriver
import Responsibility

/// A Linux node, read and changed over netlink in the network namespace in which the probe was made.
public final class LinuxProbe: NodeProbe {
    /// The socket for netfilter, which drivers share: closing one waits for a grace period of the kernel.
    package let netfilter: NetlinkSocket
    /// The interfaces and their addresses.
    package let links: LinkSocket
    private let conntrackCount = ProcNumber("/proc/sys/net/netfilter/nf_conntrack_count")
    private var units = BootUnits()
    private let conntrackLoose = ProcNumber("/proc/sys/net/netfilter/nf_conntrack_tcp_loose")
    private let conntrackLimit = ProcNumber("/proc/sys/net/netfilter/nf_conntrack_max")

    /// Opens the sockets in the network namespace of the calling thread; they stay in it.
    ///
    /// - Throws: `.notSupported` when the kernel has no netlink for netfilter.
    public init() throws(DriverError) {
        do throws(KernelError) {
            netfilter = try NetlinkSocket(Int32(NETLINK_NETFILTER))
            links = try LinkSocket()
        } catch {
            throw DriverError(.notSupported, "This kernel offers no netlink socket for netfilter: \(error.text).")
        }
    }

    /// The clock since the boot, which also runs while the machine sleeps: what was to be done before it slept has expired.
    public var monotonicNanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The IPv4 addresses on all interfaces but the loopback; none when they cannot be read.
    public var addresses: [IPAddress] { ((try? links.allAddresses()) ?? []).map(IPAddress.v4) }

    /// The connection-tracking table of the network namespace, and what systemd does at the next boot, looked up twice a minute.
    public var facts: NodeFacts {
        NodeFacts(conntrack: conntrack, boot: BootFacts(members: units.members(now: monotonicNanoseconds)))
    }

    /// The connection-tracking table of the network namespace; nil when there is none.
    package var conntrack: ConntrackTable? {
        guard let count = conntrackCount.read(), let limit = conntrackLimit.read(), limit > 0 else { return nil }
        return ConntrackTable(count: count, limit: limit)
    }

    /// Whether connection tracking takes no segment for a new connection that opens none, so that rules which ask for a
    /// connection do not see it.
    package var ignoresStrangeSegments: Bool { conntrackLoose.read() == 0 }

    /// The interfaces there are, to choose from.
    package var interfaceNames: [String] {
        ProcFile.lines("/proc/thread-self/net/dev").dropFirst(2).compactMap { line in
            line.split(separator: ":").first.map { String($0.drop { $0 == " " }) }
        }
    }

    /// Whether the node hears and speaks for a cluster address, its ARP taken for right.
    public func health(of configuration: ClusterConfiguration) -> MulticastHealth {
        var health = links.health(configuration, arpRewritten: true)
        // Only our own installations label addresses; other programs' nodes have them from wherever they come.
        health.addressIsForeign = nil
        return health
    }
}

extension LinuxProbe {
    /// Tells the neighbours on the interface the cluster MAC, by ARP announcements (RFC 5227), and where the group is to be
    /// joined also switches that all multicast is wanted, as a router wants it (RFC 4286).
    ///
    /// A switch that looks at the packets' addresses instead of the frames' finds no group for the cluster's packets, and
    /// sends them to routers' ports alone; Linux's bridge does.
    ///
    /// - Throws: `.notPermitted` without CAP_NET_RAW.
    public func announce(_ configuration: ClusterConfiguration) throws(DriverError) {
        guard let address = configuration.address.v4 else { return }
        do throws(KernelError) {
            try links.announce(address, as: configuration.mac, on: configuration.interface)
            if configuration.joinsGroup { try links.advertiseRouter(on: configuration.interface) }
        } catch {
            guard error.number != EPERM else {
                throw DriverError(
                    .notPermitted,
                    "The kernel does not permit announcing \(address); run as root, or with the capability CAP_NET_RAW."
                )
            }
            throw .kernel(error, doing: "announcing \(address) on \(configuration.interface)")
        }
    }
}

/// Connection tracking, over ctnetlink.
extension LinuxProbe {
    /// TCP connections per bucket that this node keeps for the address, without those that both sides have closed.
    public func connections(to configuration: ClusterConfiguration) throws(DriverError) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        try eachTracked(restart: { counts = [:] }, of: configuration) { entry in
            guard let connection = Connection(entry, configuration), connection.isKept else { return }
            counts[connection.bucket, default: 0] += 1
        }
        return counts
    }

    /// Removes this node's connection-tracking entries of these buckets; returns how many there were.
    public func dropConnections(
        of buckets: BucketSet, to configuration: ClusterConfiguration
    ) throws(DriverError) -> Int {
        var found: [Connection] = []
        try eachTracked(restart: { found = [] }, of: configuration) { entry in
            guard let connection = Connection(entry, configuration), buckets.contains(connection.bucket) else { return }
            found.append(connection)
        }
        var dropped = 0
        for connection in found {
            do throws(KernelError) {
                if try connection.delete(netfilter) { dropped += 1 }
            } catch {
                throw .kernel(error, doing: "dropping connections of \(configuration.address)")
            }
        }
        return dropped
    }

    /// The buckets of which connection tracking has any TCP connection, also one that is over and one that this node opened.
    package func trackedBuckets(_ configuration: ClusterConfiguration) throws(DriverError) -> BucketSet {
        var buckets = BucketSet()
        try eachTracked(restart: { buckets = [] }, of: configuration) { entry in
            if let bucket = Connection.incomingBucket(entry, configuration) { buckets.insert(bucket) }
        }
        return buckets
    }

    /// The flows of connections to an address that have marks, so many at most.
    package func markedFlows(to address: IPAddress, limit: Int) throws(DriverError) -> [MarkedFlow] {
        var marked: [MarkedFlow] = []
        try eachTracked(restart: { marked = [] }, of: address) { entry in
            if marked.count < limit, let one = Connection.marked(entry, to: address) { marked.append(one) }
        }
        return marked
    }

    func eachTracked(
        restart: () -> Void, of configuration: ClusterConfiguration, _ handle: (Attributes) -> Void
    ) throws(DriverError) {
        try eachTracked(restart: restart, of: configuration.address, handle)
    }

    private func eachTracked(
        restart: () -> Void, of address: IPAddress, _ handle: (Attributes) -> Void
    ) throws(DriverError) {
        do throws(KernelError) {
            try netfilter.request(
                type: Connection.type(IPCTNL_MSG_CT_GET), flags: NLM_F_ROOT | NLM_F_MATCH,
                extra: MessageBuffer.nfnetlink(family: AF_INET), restart: restart,
                handle: { handle(Attributes(nfnetlink: $0)) })
        } catch {
            throw .kernel(error, doing: "reading the connections of \(address)")
        }
    }
}

extension DriverError {
    /// The error for a refusal of the kernel.
    package static func kernel(_ error: KernelError, doing action: String) -> Self {
        switch error.number {
        case EPERM, EACCES:
            Self(
                .notPermitted,
                "The kernel does not permit \(action); run as root, or with the capability CAP_NET_ADMIN.")
        case EBUSY, KernelError.restart:
            Self(.busy, "The ruleset keeps changing while \(action); try again.")
        default:
            Self(.kernel, "The kernel failed while \(action): \(error.text).")
        }
    }
}
