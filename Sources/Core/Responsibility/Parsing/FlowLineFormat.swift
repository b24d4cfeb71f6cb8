/// The forms of text in which operators have flows; each line is recognised by itself.
public enum FlowLineFormat: String, CaseIterable, Sendable, Codable {
    /// `tcp 10.0.0.1:1234 -> 10.0.0.2:80`.
    case plain
    /// A line of `conntrack -L`, `conntrack -E` or /proc/net/nf_conntrack: the original direction. Source: conntrack(8)
    /// and net/netfilter/nf_conntrack_standalone.c.
    case conntrack
    /// A line of `ss -tn`, seen on the node: the peer is the source. Source: ss(8) of iproute2.
    case socket = "ss"
    /// A line of `tcpdump -n`: the packet's own direction. Source: tcpdump(1).
    case tcpdump
    /// A line of CSV, after a header line that names at least protocol, source and destination. Source: RFC 4180,
    /// without quotation marks inside a cell.
    case csv
    /// A line of NDJSON: one object of one level, with the names of the CSV columns. Source: RFC 8259.
    case json = "ndjson"
}
