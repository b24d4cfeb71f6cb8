/// Why iptables itself refuses a command line, before it asks the kernel; it then exits with 2.
///
/// Source: extensions/libipt_CLUSTERIP.c and libxtables of iptables 1.8.
public struct IptablesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What it prints after "iptables v1.8.9 (legacy): ".
    public var description: String

    /// An error with this text.
    public init(_ description: String) { self.description = description }

    static func range(_ option: String, _ limits: ClosedRange<UInt64>) -> Self {
        Self(
            "CLUSTERIP: bad value for option \"\(option)\", or out of range (\(limits.lowerBound)-\(limits.upperBound))."
        )
    }
}
