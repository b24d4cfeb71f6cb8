import Responsibility

/// A flow read from a line of text, with what else the line says; nil for what it does not say.
///
/// Source: this library.
public struct FlowRecord: Hashable, Sendable {
    /// The flow, in the direction in which it reaches the cluster address; ports that were not needed and not given are 0.
    public var flow: Flow
    /// The form of the line.
    public var format: FlowLineFormat
    /// Whether the line, or who asked, tells the destination; else it is the unspecified address.
    public var hasDestination = true
    /// The connection's mark, of conntrack's `mark=`; 0 is a mark too.
    public var mark: UInt32?
    /// The packets counted in this direction.
    public var packets: UInt64?
    /// The bytes counted in this direction, IP headers included, as conntrack counts them.
    public var bytes: UInt64?
    /// What is hashed, from a column `hash_mode`.
    public var hashMode: HashMode?
    /// The number of buckets, from a column `total_nodes`.
    public var bucketCount: UInt32?
    /// The seed, from a column `hash_init`.
    public var seed: UInt32?
    /// The bucket that somebody else found, from a column `bucket`; not checked against any number of buckets.
    public var bucket: UInt32?

    /// A record of a flow alone.
    public init(flow: Flow, format: FlowLineFormat) {
        self.flow = flow
        self.format = format
    }

    /// The arithmetic for this flow: mode, number of buckets and seed as the line says, and the rest from `common`.
    public func placement(over common: Placement) -> Placement {
        var result = common
        result.mode = hashMode ?? common.mode
        result.bucketCount = bucketCount ?? common.bucketCount
        result.seed = seed ?? common.seed
        return result
    }
}

/// What a line of text turned out to be; every line is one of the three.
///
/// Source: this library.
public enum FlowLine: Hashable, Sendable {
    /// A flow.
    case flow(FlowRecord)
    /// Nothing to place, on purpose.
    case skipped(SkippedLine)
    /// A line that is wrong, with the reason.
    case error(FlowLineError)
}

/// Why a line is skipped without being wrong; the raw values are the words of the output.
public enum SkippedLine: String, CaseIterable, Sendable, Codable {
    /// Nothing but space.
    case blank
    /// A comment, after `#`.
    case comment
    /// A header of CSV, `ss`, `netstat` or lsof, a frame of XML, or a summary of conntrack, nfdump or tcpdump.
    case heading
    /// A listening or unconnected socket of `ss`, `netstat` or lsof.
    case listener
    /// A fragment that has no ports, of tcpdump, tshark or a firewall's log: the first one has them.
    case fragment
    /// A packet or socket that is not IP.
    case notIP = "not-ip"
    /// A second line of an entry, the bytes of a packet, or a packet that an ICMP error quotes.
    case continuation
}
