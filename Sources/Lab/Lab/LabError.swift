/// Why a lab command did not work: one sentence that names the value and what would be right, to follow "clusterip: ".
public struct LabError: Error, Hashable, CustomStringConvertible {
    /// The sentence, without capital, full stop or newline.
    public var description: String

    /// An error with this sentence.
    public init(_ description: String) { self.description = description }
}
