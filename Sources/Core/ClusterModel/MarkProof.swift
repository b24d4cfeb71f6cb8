/// What the marks of a node's connections say of the arithmetic by which its kernel places flows.
///
/// ipt_CLUSTERIP writes the bucket of each new connection into its mark. Kernels differ in jhash, and distributions carry
/// changes back, so only marks tell for certain.
public struct MarkProof: Hashable, Sendable, Codable {
    /// How many connections have marks, of those that differ in what is hashed.
    public var marks: Int
    /// How many of them the settings of the sample place where their marks say.
    public var agreeing: Int

    /// A proof from its counts.
    public init(marks: Int, agreeing: Int) {
        self.marks = marks
        self.agreeing = agreeing
    }
}
