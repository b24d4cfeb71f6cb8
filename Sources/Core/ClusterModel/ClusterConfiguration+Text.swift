import Responsibility

extension ClusterConfiguration {
    /// The arithmetic in words: "sourceip mod 16 seed 42".
    public var placementText: String { "\(hashMode.rawValue) mod \(bucketCount) seed \(hashInit)" }
}
