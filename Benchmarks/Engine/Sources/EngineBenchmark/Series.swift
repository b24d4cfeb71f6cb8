/// Several ways to do the same work, timed in turn so that a noisy machine is noisy for all of them.
struct Series {
    private var entries: [(name: String, units: Int, run: () -> Void, times: [Double])] = []

    mutating func add(_ name: String, units: Int, _ run: @escaping () -> Void) {
        entries.append((name, units, run, []))
    }

    /// Runs every entry once untimed, then `rounds` times in turn, and prints median millions of units per second, and
    /// each as a share of the entry named `reference`.
    mutating func report(_ title: String, rounds: Int, unit: String, reference: String) {
        let clock = ContinuousClock()
        for entry in entries { entry.run() }
        for _ in 0..<rounds {
            for index in entries.indices {
                let time = clock.measure(entries[index].run)
                entries[index].times.append(
                    Double(time.components.attoseconds) * 1e-18 + Double(time.components.seconds))
            }
        }
        let rates = entries.map { Double($0.units) / $0.times.sorted()[$0.times.count / 2] / 1e6 }
        let base = entries.firstIndex { $0.name == reference }.map { rates[$0] } ?? 1
        print("\(title) (median of \(rounds) rounds, \(unit))")
        for (entry, rate) in zip(entries, rates) {
            let name = entry.name + String(repeating: " ", count: max(0, 44 - entry.name.count))
            print("  \(name) \(Self.fixed(rate, 1))  \(Self.fixed(rate / base, 2)) of \(reference)")
        }
    }

    private static func fixed(_ value: Double, _ digits: Int) -> String {
        let scale = digits == 1 ? 10.0 : 100.0
        let text = "\((value * scale).rounded() / scale)"
        return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }
}
