import Reactor

/// What the links of a program may take together, so that keys are answered and memory stays small whatever agents send:
/// time to read lines in, and room for lines that are not whole yet.
///
/// Half of one processor's time is shared among the links. An agent that sends more waits, in its own `write`.
public final class LinkBudget {
    /// So many bytes of a line that is not whole count for nothing; an honest agent of a thousand buckets needs no more.
    private static let freeRoom = 256 << 10
    /// Room for what is longer, of all links together; beyond it the longest line is refused.
    private static let room = 14 << 20
    /// So long, in seconds, a link may have been busy in one go before it waits, while an answer is waited for.
    static let longBurst = 0.02
    /// The longest wait, in seconds.
    private static let longestWait = 1.0

    private let share: Double
    /// The same at other times: all links together take no longer in one go than a key may wait.
    let burst: Double
    private var held: [ObjectIdentifier: (bytes: Int, refuse: () -> Void)] = [:]

    /// A budget for so many links.
    public init(links: Int) {
        share = 0.5 / Double(max(links, 1))
        burst = min(Self.longBurst, 0.05 / Double(max(links, 1)))
    }

    /// How long a link has to wait that owes so many seconds.
    func wait(_ owed: Double) -> Double { min(max(owed, 0) / share, Self.longestWait) }

    /// What a link owes after it was left alone for so many seconds.
    func owed(_ owed: Double, after seconds: Double) -> Double { max(owed - seconds * share, 0) }

    /// Notes how long a link's unfinished line is; the longest of all is refused when there is no room.
    func hold(_ bytes: Int, _ link: AnyObject, refuse: @escaping () -> Void) {
        let id = ObjectIdentifier(link)
        held[id] = bytes > Self.freeRoom ? (bytes, refuse) : nil
        guard bytes > Self.freeRoom, held.values.reduce(0, { $0 + $1.bytes }) > Self.room,
            let longest = held.max(by: { $0.value.bytes < $1.value.bytes })
        else { return }
        held[longest.key] = nil
        longest.value.refuse()
    }

    /// Forgets a link's line.
    func release(_ link: AnyObject) { held[ObjectIdentifier(link)] = nil }
}
