/// What a file descriptor can do, or what is wanted of it.
public struct Readiness: OptionSet, Sendable {
    /// The bits.
    public var rawValue: UInt8

    /// A set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// There is something to read, or the end.
    public static let readable = Self(rawValue: 1)
    /// There is room to write.
    public static let writable = Self(rawValue: 2)
    /// The other side is gone, or the descriptor is in error; reading tells which.
    public static let hangUp = Self(rawValue: 4)
}
