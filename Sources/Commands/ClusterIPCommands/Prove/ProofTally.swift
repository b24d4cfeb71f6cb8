import Glibc
import Reactor
import Simulation

/// Counts what the runs of a proof came to, and shows how far it is.
struct ProofTally {
    private let count: UInt64
    private let showsProgress: Bool
    private let started = Reactor.now
    private var shownAt: UInt64 = 0
    private var runs: UInt64 = 0
    private var plans = 0
    private var confirmed = 0
    private var events = 0
    private(set) var failures = 0

    init(count: UInt64, showsProgress: Bool) {
        self.count = count
        self.showsProgress = showsProgress
    }

    /// Takes a result; a violation is printed at once, with the command that makes it again.
    mutating func add(_ result: Proof.Result) {
        runs += 1
        plans += result.plans
        confirmed += result.confirmed
        events += result.events
        if let violation = result.violation {
            failures += 1
            clearBar()
            Console.print("seed \(result.seed): \(violation)\n  clusterip prove --seed \(result.seed) --trace\n")
        }
        showBar()
    }

    /// What all runs came to, one line.
    var summary: String {
        clearBar()
        let seconds = Double(Reactor.now - started) / 1e9
        let rate = seconds > 0 ? Int(Double(runs) / seconds) : 0
        return "\(runs) seeds, \(plans) plans of which \(confirmed) were carried out whole, \(events) events, "
            + "\(failures) \(failures == 1 ? "violation" : "violations"); \(rate) seeds a second\n"
    }

    private mutating func showBar() {
        guard showsProgress, Reactor.now - shownAt > 200_000_000 else { return }
        shownAt = Reactor.now
        let done = Int(Double(runs) / Double(count) * 30)
        let bar = String(repeating: "#", count: done) + String(repeating: "-", count: 30 - done)
        write("\r[\(bar)] \(runs) of \(count), \(failures) violations")
    }

    private func clearBar() { if showsProgress { write("\r\u{1b}[K") } }

    private func write(_ text: String) { _ = text.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) } }
}
