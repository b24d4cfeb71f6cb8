/// How many of something go to each of several places; all deterministic.
enum Shares {
    /// Adds one at a time to the place that has the least; how many each gets.
    static func fill(_ count: Int, loads: [Int]) -> [Int] {
        var loads = loads
        var shares = [Int](repeating: 0, count: loads.count)
        for _ in 0..<(loads.isEmpty ? 0 : count) {
            let least = loads.indices.reduce(0) { loads[$1] < loads[$0] ? $1 : $0 }
            loads[least] += 1
            shares[least] += 1
        }
        return shares
    }

    /// Takes one at a time from the place that has the most; how many each gives.
    static func skim(_ count: Int, loads: [Int]) -> [Int] {
        var loads = loads
        var shares = [Int](repeating: 0, count: loads.count)
        for _ in 0..<(loads.isEmpty ? 0 : count) {
            let most = loads.indices.reduce(0) { loads[$1] > loads[$0] ? $1 : $0 }
            guard loads[most] > 0 else { break }
            loads[most] -= 1
            shares[most] += 1
        }
        return shares
    }

    /// What each place should have of the sum of all loads, in whole numbers in proportion to the weights.
    ///
    /// What is left after rounding down goes by the largest remainder, and among equal ones to places that have more than
    /// their share already, so that the fewest move.
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
