import ClusterModel
import Console
import Execution
import Glibc
import Observation
import Planning
import Reactor

/// Carries one plan out on the command line: a line for every step, and a live one for what is waited for.
final class PlanProgress {
    /// What it came to; nil until the end, and when it was left at once.
    private(set) var outcome: PlanRunner.Outcome?
    /// The execution as it was last heard of.
    private(set) var execution: PlanExecution

    private let connection: ClusterConnection
    private let runner: PlanRunner
    private let format: PlanFormat
    private var shown: [StepState] = []
    private var wait: PlanExecution.Wait?
    private var waitEnd = 0.0
    private var most = 0
    private var lastLine = ""
    private var lastTime = 0.0
    private let isLive = isatty(STDERR_FILENO) == 1

    /// An execution to be carried out and written down.
    init(
        connection: ClusterConnection, execution: PlanExecution, recorder: any PlanRecorder, format: PlanFormat
    ) {
        self.connection = connection
        self.execution = execution
        self.format = format
        runner = PlanRunner(execution, fleet: connection.fleet, recorder: recorder)
    }

    /// Runs the plan to its end, or until it is left.
    func run(_ interrupts: PlanInterrupts) throws(CommandError) {
        interrupts.onStop = { [self] in
            clearLine()
            Console.complain(stopWords(interrupts))
            runner.abort()
        }
        defer { interrupts.onStop = nil }
        runner.onProgress = { [self] in show($0) }
        runner.onEnd = { [self] in
            outcome = $0
            connection.reactor.stop()
        }
        let ticker = connection.reactor.after(1, repeating: true) { [self] in showWait() }
        defer { connection.reactor.cancel(ticker) }
        do throws(PlanRecorderError) { try runner.start() } catch { throw CommandError(error.description) }
        if outcome == nil { connection.reactor.run() }
        clearLine()
    }

    private func show(_ execution: PlanExecution) {
        self.execution = execution
        while shown.count < execution.entries.count { shown.append(.waiting) }
        let news = execution.entries.indices.filter {
            execution.entries[$0].state.isOver && shown[$0] != execution.entries[$0].state
        }
        // Several steps are told of at once; they are named in the order in which they can have been made.
        for index in news.filter({ execution.entries[$0].part == .guarding })
            + news.filter({ execution.entries[$0].part != .guarding })
        {
            shown[index] = execution.entries[index].state
            say(execution.entries[index])
        }
        if execution.wait != wait { begin(execution.wait) }
        let before = most
        most = max(most, DrainLine.sum(execution.connectionsLeft))
        if most != before { showWait() }
    }

    private func say(_ entry: PlanExecution.Entry) {
        clearLine()
        switch format {
        case .table:
            let reason = entry.state.reason.map { " — \($0)" } ?? ""
            Console.offer("\(Self.word(entry.state)): \(entry.words)\(reason)\n")
        case .ndjson: write(ProgressRecord.Step(entry))
        case .json: break
        }
    }

    private func write(_ record: some Encodable) {
        if let text = try? JSONText.text(record, pretty: false) { Console.offer(text) }
    }

    private func begin(_ wait: PlanExecution.Wait?) {
        self.wait = wait
        switch wait {
        case .connections(let seconds), .settling(let seconds): waitEnd = Fleet.now + seconds
        case nil: return clearLine()
        }
        lastTime = 0
        showWait()
    }

    /// Shows how far the wait is: live on a terminal, else a line when it changes, every five seconds at most.
    private func showWait() {
        guard wait != nil else { return }
        let left = max(waitEnd - Fleet.now, 0)
        guard isSettling || !execution.connectionsLeft.isEmpty else { return }
        let line = DrainLine(left: execution.connectionsLeft, most: most, secondsLeft: left)
        if format == .ndjson {
            return isSettling
                ? write(ProgressRecord.Settling(secondsLeft: Int(left))) : write(ProgressRecord.Draining(line))
        }
        let text =
            isSettling
            ? "unknown connections are reset, \(DrainLine.clock(left)) to go"
            : isLive ? line.fitting(Self.columns - 1) : ([line.head] + line.nodes).joined(separator: "; ")
        if isLive {
            Console.offer("\r\(text.prefix(Self.columns - 1))\u{1b}[K", to: STDERR_FILENO)
            lastLine = text
        } else if format == .table, Fleet.now - lastTime >= 5 {
            lastTime = Fleet.now
            Console.offer(text + "\n")
        }
    }

    private func stopWords(_ interrupts: PlanInterrupts) -> String {
        switch wait {
        case .connections: return "no longer waiting: buckets drain on"
        case .settling: return "no longer waiting: buckets stay adopted"
        case nil: return "stopping between steps" + (interrupts.isTerminated ? "" : "; Ctrl-C again leaves at once")
        }
    }

    private var isSettling: Bool {
        if case .settling = wait { return true }
        return false
    }

    private func clearLine() {
        if !lastLine.isEmpty { Console.offer("\r\u{1b}[K", to: STDERR_FILENO) }
        lastLine = ""
    }

    private static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
    }

    /// A word for a step's state.
    static func word(_ state: StepState) -> String {
        switch state {
        case .waiting, .running: "running"
        case .done: "done"
        case .refused: "refused"
        case .unknown: "unknown"
        case .skipped: "skipped"
        }
    }
}
