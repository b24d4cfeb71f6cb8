/// What fell into one bucket.
///
/// Sums of packets and of bytes stop at the largest number instead of overflowing. Source: this library.
public struct BucketCount: Hashable, Sendable {
    /// Lines of a batch, or packets of a capture.
    public var records: UInt64 = 0
    /// Packets: those of a capture, or those that the lines count themselves.
    public var packets: UInt64 = 0
    /// Bytes of IP packets, headers included, without link-layer headers.
    public var bytes: UInt64 = 0
    /// Distinct flows; an estimate when the summary's `distinct` is not exact.
    public var flows: UInt64 = 0

    /// Nothing counted: all numbers 0.
    public init() {}

    /// The sum of two; packets and bytes stop at 2⁶⁴ − 1.
    public static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.records &+= right.records
        sum.packets =
            left.packets.addingReportingOverflow(right.packets).overflow ? .max : left.packets &+ right.packets
        sum.bytes = left.bytes.addingReportingOverflow(right.bytes).overflow ? .max : left.bytes &+ right.bytes
        sum.flows &+= right.flows
        return sum
    }
}
