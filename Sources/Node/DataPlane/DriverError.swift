import ClusterModel

/// Why a driver could not do what was asked; nothing was changed.
public struct DriverError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error, for programs.
    public var code: FailureCode
    /// One sentence that names the value and what would be right.
    public var message: String

    /// An error with its sentence.
    public init(_ code: FailureCode, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The sentence.
    public var description: String { message }
}
