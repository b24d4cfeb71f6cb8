import ClusterModel

/// How far the waiting for connections is: a bar, what is left in all and where, and the time left.
public struct DrainLine: Hashable, Sendable {
    /// TCP connections left, by node and bucket.
    public var left: [String: [Int: Int]]
    /// The most that were ever left.
    public var most: Int
    /// Seconds until the wait ends.
    public var secondsLeft: Double

    /// A line from its parts.
    public init(left: [String: [Int: Int]], most: Int, secondsLeft: Double) {
        self.left = left
        self.most = most
        self.secondsLeft = secondsLeft
    }

    /// Connections left on all nodes.
    public static func sum(_ left: [String: [Int: Int]]) -> Int {
        left.values.map(\.values.saturatedSum).saturatedSum
    }

    /// "12 of 40 connections left, 9:41 to go".
    public var head: String {
        let sum = Self.sum(left)
        return "\(sum) of \(max(most, sum)) connections left, \(Self.clock(secondsLeft)) to go"
    }

    /// "[######....]", filled as far as connections have ended.
    public func bar(_ width: Int) -> String {
        let ended = most - min(Self.sum(left), most)
        let full = most > 0 ? Int(Double(ended) * Double(width) / Double(most)) : 0
        return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: width - full) + "]"
    }

    /// A sentence for each node that still keeps some: "node1: 9 in bucket 7, 3 in bucket 5".
    public var nodes: [String] { nodes(naming: 5) }

    /// All in one line of so many columns: the fewer there are, the fewer buckets are named.
    public func fitting(_ columns: Int) -> String {
        for limit in [5, 3, 2, 1, 0] {
            for width in [20, 10] {
                let line = ([bar(width) + " " + head] + nodes(naming: limit)).joined(separator: "; ")
                if line.count <= columns { return line }
            }
        }
        return String(head.prefix(columns))
    }

    /// The buckets with the most connections first: "9 in bucket 7, 3 in bucket 5, 2 in 4 more"; when none is to be named,
    /// "14 in 6 buckets".
    public static func words(_ buckets: [Int: Int], naming limit: Int = 5) -> String {
        let sorted = buckets.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        var words = sorted.prefix(limit).map { "\($0.value) in bucket \($0.key)" }
        let rest = sorted.dropFirst(limit)
        let others = words.isEmpty ? (rest.count == 1 ? "bucket" : "buckets") : "more"
        if !rest.isEmpty { words.append("\(rest.map(\.value).saturatedSum) in \(rest.count) \(others)") }
        return words.joined(separator: ", ")
    }

    /// The same, each sentence in so many columns.
    public func nodes(fitting columns: Int) -> [String] {
        left.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { node, buckets in
            [5, 4, 3, 2, 1].lazy.map { "\(node): \(Self.words(buckets, naming: $0))" }.first { $0.count <= columns }
                ?? "\(node): \(Self.words(buckets, naming: 0))"
        }
    }

    private func nodes(naming limit: Int) -> [String] {
        left.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            .map { "\($0): \(Self.words($1, naming: limit))" }
    }

    /// A time that runs down: "9:05", "1:09:05".
    public static func clock(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "-" }
        let whole = Int(max(seconds, 0))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = whole / 60 % 60
        return whole >= 3600 ? "\(whole / 3600):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
    }
}
