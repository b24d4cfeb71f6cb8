/// Something that happened in a run, for people.
public struct ProofEvent: Hashable, Sendable, CustomStringConvertible {
    /// To whom it happened.
    public enum Subject: Hashable, Sendable {
        /// The cluster as a whole.
        case world
        /// A node, by name.
        case node(String)
        /// An operator, 0 or 1.
        case person(Int)
    }

    /// The time of the run, in nanoseconds.
    public var time: UInt64
    /// To whom it happened.
    public var subject: Subject
    /// What happened.
    public var text: String

    /// A line: time in seconds, subject, what happened.
    public var description: String {
        let milliseconds = time / 1_000_000
        let seconds = String(milliseconds / 1000)
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        return String(repeating: " ", count: max(3 - seconds.utf8.count, 0)) + "\(seconds).\(fraction)  \(name)\(text)"
    }

    private var name: String {
        let name =
            switch subject {
            case .world: ""
            case .node(let name): name
            case .person(let index): "console \(index + 1)"
            }
        return name + String(repeating: " ", count: max(11 - name.utf8.count, 1))
    }
}
