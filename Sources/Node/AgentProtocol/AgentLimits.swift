import ClusterModel

/// The most that a node may tell of itself; what goes beyond is refused where it is decoded, and the others go on.
public enum AgentLimits {
    /// Cluster addresses of one node.
    public static let addresses = 1024
    /// Buckets of one node, over all its cluster addresses; each costs the console about 200 bytes.
    public static let buckets = 2 * BucketSet.maximumBucket
    /// Connections in one count; the kernel's own limit of its table is a number of 32 bits.
    public static let connections = Int(UInt32.max)
    /// Members that a node can list.
    public static let members = 1024
    /// Operations that a node can tell of.
    public static let operations = 512
    /// Neighbours that a node can tell to be misled.
    public static let neighbours = 64
    /// Bytes of the id of an operation, as long as the kernel's longest comment beside an element.
    public static let operation = 128
    /// Bytes of a line to the console beside its counters, when nothing long was asked for.
    public static let line = 1 << 20
    /// Bytes of a line beside its counters soon after a call whose answer may be long: marks and connections by bucket.
    public static let longLine = 4 << 20
    /// Scalars of a sentence.
    public static let sentence = 300
    /// Scalars of a name or a code.
    public static let name = 64

    static func malformed(_ what: String) -> AgentFailure {
        AgentFailure(number: -32603, code: .malformed, message: "the agent sent \(what)")
    }
}
