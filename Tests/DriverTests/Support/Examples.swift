import ClusterModel
import Responsibility

extension ClusterConfiguration {
    /// The cluster of the tests; every part can be another one.
    static func example(
        address: IPAddress = IPAddress(10, 8, 0, 1), prefixLength: Int = 16, interface: String = "eth0",
        mac: MACAddress = MACAddress(number: 0x0100_5e00_0020), mode: HashMode = .sourceIPSourcePort,
        bucketCount: UInt32 = 16, seed: UInt32 = 42
    ) -> Self {
        Self(
            name: "web", address: address, prefixLength: prefixLength, interface: interface, mac: mac,
            scheme: .clusterIP(Placement(mode: mode, bucketCount: bucketCount, seed: seed)))
    }

    /// How flows are placed, as our tables do it.
    var placement: Placement? {
        guard case .clusterIP(let placement) = scheme else { return nil }
        return placement
    }

    /// The bucket of an IPv4 flow.
    func bucket(of flow: Flow) -> Int { (try? scheme.bucket(of: flow)) ?? 0 }
}
