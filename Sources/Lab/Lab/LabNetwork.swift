import ClusterModel
import Responsibility

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
