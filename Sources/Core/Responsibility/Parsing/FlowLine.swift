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
    /// A header of CSV or of `ss`, or a summary of conntrack or tcpdump.
    case heading
    /// A listening or unconnected socket of `ss`.
    case listener
    /// A fragment of tcpdump that has no ports.
    case fragment
    /// A line of tcpdump about something that is not IP.
    case notIP = "not-ip"
    /// The second line of an entry.
    case continuation
}
