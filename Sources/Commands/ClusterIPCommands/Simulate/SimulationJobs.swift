import FaultSimulation
import FoundationEssentials
import Glibc
import Reactor

/// Shares the seeds among processes of this program, adds up what they tell, and shows how far it is.
final class SimulationJobs {
    private struct Job {
        var process: ChildProcess
        var token: Reactor.Token
        var lines = LineBuffer()
    }

    private let seeds: UInt64
    private let reactor: Reactor
    private let started = Reactor.now
    private var jobs: [Int32: Job] = [:]
    private var total = SimulationReport()
    private var isInterrupted = false
    private var crashes = 0
    private let showsBar = isatty(STDERR_FILENO) == 1

    init(from: UInt64, seeds: UInt64, jobs count: UInt64, hasKinds: Bool) throws {
        self.seeds = seeds
        reactor = try Reactor()
        for first in 0..<count {
            let process = try ChildProcess(
                arguments: [
                    "/proc/self/exe", "simulate", "--from", "\(from + first)", "--seeds", "\(seeds - first)",
                    "--stride",
                    "\(count)",
                ] + (hasKinds ? ["--kinds"] : []), errorOutput: .inherited)
            let token = try reactor.watch(process.output) { [unowned self] _ in read(process.output) }
            jobs[process.output] = Job(process: process, token: token)
        }
    }

    /// Runs to the end, or until Ctrl-C.
    func run() throws -> ExitStatus {
        try reactor.onSignals([SIGINT, SIGTERM]) { [unowned self] _ in
            isInterrupted = true
            reactor.stop()
        }
        if showsBar { reactor.after(0.2, repeating: true) { [unowned self] in showBar() } }
        reactor.run()
        for job in jobs.values {
            job.process.signal(SIGKILL)
            job.process.reap(waiting: true)
        }
        clearBar()
        CommandIO.print(SimulationSummary(total, seconds: seconds).text)
        if isInterrupted { return .interrupted }
        return total.violations.isEmpty && crashes == 0 ? .done : .failed
    }

    private var seconds: Double { Double(Reactor.now - started) / 1e9 }

    private func read(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count > 0 { jobs[descriptor]?.lines.append(buffer[..<count]) }
        while let line = jobs[descriptor]?.lines.next() { take(line) }
        guard count == 0, let job = jobs.removeValue(forKey: descriptor) else { return }
        reactor.cancel(job.token)
        if job.process.reap(waiting: true) != 0 {
            crashes += 1
            clearBar()
            CommandIO.complain("a process that ran seeds has ended (\(job.process.ending ?? "unknown"))")
        }
        if jobs.isEmpty { reactor.stop() }
    }

    private func take(_ line: ArraySlice<UInt8>) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let report = try? decoder.decode(SimulationReport.self, from: Data(line)) else { return }
        total.add(report)
        for violation in report.violations {
            clearBar()
            CommandIO.print(SimulationSummary.text(violation) + "\n")
        }
    }

    private func showBar() {
        let done = Int(Double(total.seeds) / Double(seeds) * 30)
        let bar = String(repeating: "#", count: done) + String(repeating: ".", count: max(30 - done, 0))
        let rate = Int(Double(total.seeds) / max(seconds, 0.001))
        CommandIO.write(
            "\r[\(bar)] \(total.seeds) of \(seeds) seeds, \(rate)/s, \(total.violations.count) violations\u{1b}[K",
            to: STDERR_FILENO)
    }

    private func clearBar() { if showsBar { CommandIO.write("\r\u{1b}[K", to: STDERR_FILENO) } }
}
