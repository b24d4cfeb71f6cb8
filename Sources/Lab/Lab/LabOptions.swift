import ClusterModel
import Responsibility

/// What lab to make.
public struct LabOptions: Hashable, Sendable, Codable {
    /// The number of nodes, 1–64.
    public var nodes: Int
    /// How many of them, the last but for `ipaddr2`, have rules of iptables.
    public var xtCluster: Int
    /// How many of them, the last, have rules as Pacemaker's resource agent writes them.
    public var ipaddr2: Int
    /// The kernels of those, behind the tables of our own, that have ipt_CLUSTERIP and a kernel of their own.
    public var kernels: [KernelRelease]
    /// How flows are placed in buckets; 1–65,536 buckets.
    public var scheme: HashScheme
    /// Whether the client sends traffic of its own.
    public var hasTraffic: Bool
    /// How many packets a second the client sends in all, 1–100,000.
    public var rate: Int
    /// Whether a process holds the guard of each node that has tables of our own.
    public var hasGuard: Bool

    /// Options; the defaults are those of `clusterip lab up`.
    public init(
        nodes: Int = 3,
        scheme: HashScheme = .clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 42)),
        hasTraffic: Bool = true, rate: Int = 400, kernels: [KernelRelease] = [], xtCluster: Int = 0, ipaddr2: Int = 0,
        hasGuard: Bool = true
    ) {
        self.nodes = nodes
        self.kernels = kernels
        self.xtCluster = xtCluster
        self.ipaddr2 = ipaddr2
        self.scheme = scheme
        self.hasTraffic = hasTraffic
        self.rate = rate
        self.hasGuard = hasGuard
    }

    /// The number of buckets.
    public var bucketCount: Int { Int(scheme.bucketCount) }

    /// What enforces ownership on a node numbered from 1.
    public func kind(ofNode number: Int) -> NodeKind {
        if number > nodes - ipaddr2 { return .ipaddr2 }
        if number > nodes - ipaddr2 - xtCluster { return .xtCluster }
        return release(ofNode: number) == nil ? .nftables : .iptClusterip
    }

    /// The kernel of a node that has one of its own.
    public func release(ofNode number: Int) -> KernelRelease? {
        let index = number - 1 - (nodes - ipaddr2 - xtCluster - kernels.count)
        return kernels.indices.contains(index) ? kernels[index] : nil
    }

    /// Throws a sentence about the first value that is out of range.
    public func validate() throws(LabError) {
        guard (1...LabNetwork.maximumNodes).contains(nodes) else {
            throw LabError("a lab has 1 to \(LabNetwork.maximumNodes) nodes, not \(nodes)")
        }
        guard xtCluster >= 0, ipaddr2 >= 0, xtCluster + ipaddr2 + kernels.count <= nodes else {
            throw LabError("a lab cannot have \(xtCluster) and \(ipaddr2) nodes of other kinds")
        }
        if !kernels.isEmpty {
            guard case .clusterIP = scheme else {
                throw LabError("nodes with ipt_CLUSTERIP hash by sourceip and the like, not by \(scheme.name)")
            }
            guard bucketCount <= 16 else {
                throw LabError("iptables gives CLUSTERIP 1 to 16 buckets, not \(bucketCount)")
            }
        }
        guard xtCluster + ipaddr2 == 0 || scheme.asClusterMatch != nil else {
            throw LabError("nodes with xt_cluster's or IPaddr2's rules hash by cluster-match, not by \(scheme.name)")
        }
        guard xtCluster == 0 || bucketCount <= 32 else {
            throw LabError("xt_cluster has 1 to 32 buckets, not \(bucketCount)")
        }
        guard (1...65_536).contains(bucketCount) else {
            throw LabError("a lab has 1 to 65536 buckets, not \(bucketCount)")
        }
        guard (1...100_000).contains(rate) else {
            throw LabError("the traffic is 1 to 100000 packets a second, not \(rate); --no-traffic sends none")
        }
    }

    enum CodingKeys: String, CodingKey {
        case nodes, scheme, rate, ipaddr2, kernels
        case xtCluster = "xt"
        case hasTraffic = "traffic"
        case hasGuard = "guard"
    }
}

/// The fixed addresses of every lab, so that any program can be tried in one.
public enum LabNetwork {
    /// The most nodes a lab can have.
    public static let maximumNodes = 64
    /// The cluster address.
    public static let clusterAddress = IPv4Address(10, 8, 0, 1)
    /// The network prefix of the cluster address, the nodes' and the client's own addresses.
    public static let prefixLength = 16
    /// The cluster MAC: the Ethernet group address of the low 23 bits of 239.8.0.1.
    public static let clusterMAC = MACAddress(number: 0x0100_5e08_0001)
    /// The interface of every node and of the client.
    public static let interface = "eth0"
    /// The bridge that joins them, in the supervisor's namespace.
    public static let bridge = "clusterip0"
    /// The client's own address, to which the nodes route `clientNetwork`.
    public static let clientAddress = IPv4Address(10, 8, 2, 1)
    /// 10.9.0.0/16: every address of it belongs to the client.
    public static let clientNetwork = IPv4Address(10, 9, 0, 0)
    /// The port of the echo service on the cluster address, UDP and TCP.
    public static let port: UInt16 = 7777
    /// The client's name in `lab exec`.
    public static let clientName = "client"

    /// "node1" for 1.
    public static func nodeName(_ number: Int) -> String { "node\(number)" }

    /// The own address of a node numbered from 1.
    public static func nodeAddress(_ number: Int) -> IPv4Address { IPv4Address(10, 8, 1, UInt8(clamping: number)) }

    /// The unicast Ethernet address of whoever has an address in 10.8.0.0/16: 02:00 and its four octets.
    static func mac(of address: IPv4Address) -> MACAddress { MACAddress(number: 0x0200 << 32 | UInt64(address.number)) }

    /// The buckets that a node numbered from 1 owns at first: an even share, in one run.
    public static func initialBuckets(node: Int, options: LabOptions) -> BucketSet {
        let before = (node - 1) * options.bucketCount / options.nodes
        let last = node * options.bucketCount / options.nodes
        return last > before ? BucketSet(before + 1...last) : BucketSet()
    }

    /// The cluster's settings as every node gets them.
    public static func configuration(_ options: LabOptions) -> ClusterConfiguration {
        ClusterConfiguration(
            name: "lab", address: .v4(clusterAddress), prefixLength: prefixLength, interface: interface,
            mac: clusterMAC, scheme: options.scheme)
    }
}
