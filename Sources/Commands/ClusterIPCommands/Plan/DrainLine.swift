import ClusterModel

/// How far the waiting for connections is, in one line: a bar, what is left in all and where, and the time left.
struct DrainLine {
    /// Connections left, by node and bucket.
    var left: [String: [Int: Int]]
    /// The most that were ever left.
    var most: Int
    /// Seconds until the wait ends.
    var secondsLeft: Double

    /// Connections left on all nodes.
    static func sum(_ left: [String: [Int: Int]]) -> Int {
        left.values.reduce(0) { $0 + $1.values.reduce(0, +) }
    }

    /// "[######....] 12 of 40 connections left, 9:41 to go; node1: 3 in bucket 5, 9 in bucket 7".
    func text(bar width: Int? = 20) -> String {
        let sum = Self.sum(left)
        var text = "\(sum) of \(max(most, sum)) connections left, \(TimeSpan.clock(secondsLeft)) to go"
        if let width {
            let full = most > 0 ? (most - min(sum, most)) * width / most : width
            text =
                "[" + String(repeating: "#", count: full) + String(repeating: ".", count: width - full) + "] " + text
        }
        let nodes = left.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { node, buckets in
            "\(node): " + Self.words(buckets)
        }
        return nodes.isEmpty ? text : text + "; " + nodes.joined(separator: "; ")
    }

    /// The buckets with the most connections first, five at most: "9 in bucket 7, 3 in bucket 5, 2 in 4 more".
    static func words(_ buckets: [Int: Int]) -> String {
        let sorted = buckets.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        var words = sorted.prefix(5).map { "\($0.value) in bucket \($0.key)" }
        let rest = sorted.dropFirst(5)
        if !rest.isEmpty { words.append("\(rest.reduce(0) { $0 + $1.value }) in \(rest.count) more") }
        return words.joined(separator: ", ")
    }
}
