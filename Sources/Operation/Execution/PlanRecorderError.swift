/// Why a plan cannot be written down before it begins.
public struct PlanRecorderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence with the path and what would help.
    public var description: String

    /// An error with its sentence.
    public init(_ description: String) { self.description = description }
}
