/// The forms of text in which operators have flows.
public enum FlowLineFormat: String, CaseIterable, Sendable, Codable {
    /// `tcp 10.0.0.1:1234 -> 10.0.0.2:80`.
    case plain
    /// A line of `conntrack -L`, `conntrack -E` or /proc/net/nf_conntrack.
    case conntrack
    /// A line of `ss -tn`, seen on the node: the peer is the source.
    case socket = "ss"
    /// A line of `tcpdump -n`.
    case tcpdump
    /// A line of CSV, after a header line.
    case csv
    /// A line of NDJSON.
    case json = "ndjson"
}
