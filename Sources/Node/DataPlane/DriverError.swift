/// Why a driver could not do what was asked; nothing was changed.
public struct DriverError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of error it is, for programs.
    public enum Code: String, Sendable, Codable {
        /// A value that cannot be right, such as bucket 17 of 16.
        case badValue = "bad_value"
        /// The process may not change the node's network.
        case notPermitted = "not_permitted"
        /// The kernel or the driver cannot do this.
        case notSupported = "not_supported"
        /// There is no such cluster address on this node.
        case notFound = "not_found"
        /// There is such a cluster address on this node already.
        case alreadyExists = "already_exists"
        /// The ruleset kept changing under the driver's hands.
        case busy
        /// The kernel refused, for a reason that the message gives.
        case kernel
    }

    /// The kind of error.
    public var code: Code
    /// One sentence that names the value and what would be right.
    public var message: String

    /// An error with its sentence.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The sentence.
    public var description: String { message }
}
