import ClusterModel
import Responsibility

extension ClusterConfiguration {
    /// The cluster of the tests; every part can be another one.
    static func example(
        address: IPv4Address = IPv4Address(10, 8, 0, 1), prefixLength: Int = 16, interface: String = "eth0",
        mac: MACAddress = MACAddress(number: 0x0100_5e00_0020), mode: HashMode = .sourceIPSourcePort,
        bucketCount: Int = 16, hashInit: UInt32 = 42
    ) -> Self {
        Self(
            name: "web", address: address, prefixLength: prefixLength, interface: interface, mac: mac, hashMode: mode,
            bucketCount: bucketCount, hashInit: hashInit)
    }

    /// The bucket of an IPv4 flow.
    func bucket(of flow: Flow) -> Int { placement.bucket(of: flow) ?? 0 }
}
