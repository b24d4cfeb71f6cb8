import AgentProtocol
import ClusterModel
import Glibc
import NodeAgent
import NodeDriver
import Responsibility
import SimulatedNodes

/// The cluster that every target knows.
enum Fixtures {
    static let address = IPAddress(10, 8, 0, 1)

    static let configuration = ClusterConfiguration(
        name: "web", address: address, prefixLength: 16, interface: "eth0", mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 42)))

    /// A node that owns these buckets of the cluster.
    static func driver(owning buckets: BucketSet) -> SimulatedDriver {
        let driver = SimulatedDriver()
        do { try driver.install(configuration, owned: buckets) } catch { preconditionFailure("\(error)") }
        return driver
    }

    /// An agent over a node.
    static func agent(_ driver: SimulatedDriver, isReadOnly: Bool = false) -> Agent {
        Agent(
            driver.registry,
            identity: AgentIdentity(
                version: "1", host: "node1", kernel: "6.1", drivers: [driver.description], readOnly: isReadOnly))
    }

    /// A file with these bytes, by a path that can be opened as often as needed.
    static func withFile(_ bytes: [UInt8], _ body: (String) -> Void) {
        require(
            ftruncate(scratch, 0) == 0 && pwrite(scratch, bytes, bytes.count, 0) == bytes.count, "no room for a file")
        body("/proc/self/fd/\(scratch)")
    }

    /// A file in memory without a name.
    private static let scratch: Int32 = {
        // mkstemp puts letters in place of the six X. In memory, since a fuzzer makes thousands a second.
        var path = Array("/dev/shm/clusterip-fuzz-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        require(descriptor >= 0, "no file can be made")
        unlink(path)
        return descriptor
    }()
}
