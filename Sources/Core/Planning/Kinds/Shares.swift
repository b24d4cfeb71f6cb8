/// How many of something go to each of several places; all deterministic.
enum Shares {
    /// Adds one at a time to the place that has the least, the first of equals; how many each gets.
    static func fill(_ count: Int, loads: [Int]) -> [Int] {
        guard count > 0, let least = loads.min(), let most = loads.max() else { return loads.map { _ in 0 } }
        func room(below level: Int) -> Int { loads.reduce(0) { $0 + max(level - $1, 0) } }
        // The highest level up to which all places can be filled; what is left then makes some of them one higher.
        var (level, above) = (least, most + count + 1)
        while above - level > 1 {
            let middle = level + (above - level) / 2
            if room(below: middle) <= count { level = middle } else { above = middle }
        }
        var rest = count - room(below: level)
        return loads.map { load in
            let isHigher = load <= level && rest > 0
            rest -= isHigher ? 1 : 0
            return max(level - load, 0) + (isHigher ? 1 : 0)
        }
    }

    /// Takes one at a time from the place that has the most, the first of equals; how many each gives.
    static func skim(_ count: Int, loads: [Int]) -> [Int] {
        fill(min(count, loads.reduce(0, +)), loads: loads.map { -$0 })
    }

    /// What each place should have of the sum of all loads, in whole numbers in proportion to the weights.
    ///
    /// What is left after rounding down goes by the largest remainder, and among equal ones to places that have more
    /// than their share already, so that the fewest move.
    static func quotas(loads: [Int], weights: [Double]) -> [Int] {
        let (total, sum) = (loads.reduce(0, +), weights.reduce(0, +))
        guard sum > 0 else { return loads }
        let exact = weights.map { Double(total) * $0 / sum }
        var quotas = exact.map { Int($0) }
        let order = loads.indices.filter { weights[$0] > 0 }.sorted { left, right in
            let (a, b) = (exact[left] - Double(quotas[left]), exact[right] - Double(quotas[right]))
            if a != b { return a > b }
            let (c, d) = (loads[left] > quotas[left], loads[right] > quotas[right])
            return c == d ? left < right : c
        }
        let rest = total - quotas.reduce(0, +)
        for place in order.prefix(max(rest, 0)) { quotas[place] += 1 }
        return quotas
    }
}
