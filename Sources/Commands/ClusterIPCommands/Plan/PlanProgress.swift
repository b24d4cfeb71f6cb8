import ClusterModel
import Console
import Execution
import Glibc
import Journal
import NodeLinks
import Planning
import Reactor
import Wording

/// Carries one plan out on the command line: a line for every step, and a live one for what is waited for.
final class PlanProgress {
    /// What it came to; nil until the end, and when it was left at once.
    private(set) var outcome: PlanOutcome?
    /// The execution as it was last heard of.
    private(set) var execution: PlanExecution

    private let connection: ClusterConnection
    private let runner: PlanRunner
    private let format: PlanFormat
    private var shown: [StepID: StepProgress] = [:]
    private var wait: PlanWait?
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
        runner = PlanRunner(execution, calls: connection.fleet, recorder: recorder)
        runner.who = Operator.current.text
    }

    /// Runs the plan to its end, or until it is left.
    func run(_ interrupts: PlanInterrupts) throws(CommandError) {
        interrupts.onStop = { [self] in
            clearLine()
            CommandIO.complain(stopWords(interrupts))
            runner.stop()
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
        for status in execution.steps where status.progress.isOver && shown[status.id] != status.progress {
            shown[status.id] = status.progress
            say(status)
        }
        if execution.wait != wait { begin(execution.wait) }
        let before = most
        most = max(most, DrainLine.sum(execution.connectionsLeft))
        if most != before { showWait() }
    }

    private func say(_ status: StepStatus) {
        clearLine()
        switch format {
        case .table:
            let reason = status.progress.failure.map { " — \($0.sentence)" } ?? ""
            CommandIO.offer("\(status.progress.word): \(status.step.words)\(reason)\n")
        case .ndjson: write(ProgressRecord.Step(status))
        case .json: break
        }
    }

    private func write(_ record: some Encodable) {
        if let text = try? JSONText.text(record, pretty: false) { CommandIO.offer(text) }
    }

    private func begin(_ wait: PlanWait?) {
        self.wait = wait
        guard let wait else { return clearLine() }
        waitEnd = Fleet.now + wait.seconds
        lastTime = 0
        showWait()
    }

    /// Shows how far the wait is: live on a terminal, else a line when it changes, every five seconds at most.
    private func showWait() {
        guard wait != nil else { return }
        let left = max(waitEnd - Fleet.now, 0)
        guard isFinalizing || !execution.connectionsLeft.isEmpty else { return }
        let line = DrainLine(left: execution.connectionsLeft, most: most, secondsLeft: left)
        if format == .ndjson {
            return isFinalizing
                ? write(ProgressRecord.Finalizing(secondsLeft: Int(left))) : write(ProgressRecord.Draining(line))
        }
        let text =
            isFinalizing
            ? "unknown connections are reset, \(DrainLine.clock(left)) to go"
            : isLive ? line.fitting(Self.columns - 1) : ([line.head] + line.nodes).joined(separator: "; ")
        if isLive {
            CommandIO.offer("\r\(text.prefix(Self.columns - 1))\u{1b}[K", to: STDERR_FILENO)
            lastLine = text
        } else if format == .table, Fleet.now - lastTime >= 5 {
            lastTime = Fleet.now
            CommandIO.offer(text + "\n")
        }
    }

    private func stopWords(_ interrupts: PlanInterrupts) -> String {
        switch wait {
        case .connections: return "no longer waiting: buckets drain on"
        case .finalizing: return "no longer waiting: buckets stay adopted"
        case nil: return "stopping between steps" + (interrupts.isTerminated ? "" : "; Ctrl-C again leaves at once")
        }
    }

    private var isFinalizing: Bool {
        if case .finalizing = wait { return true }
        return false
    }

    private func clearLine() {
        if !lastLine.isEmpty { CommandIO.offer("\r\u{1b}[K", to: STDERR_FILENO) }
        lastLine = ""
    }

    private static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
    }
}

/// A line of `--format ndjson` while a plan is carried out; `event` says which kind it is.
enum ProgressRecord {
    /// A step that is over.
    struct Step: Encodable {
        let event = "step"
        var node: String
        var role: StepRole
        var buckets: [Int]
        var state: String
        var reason: String?

        init(_ status: StepStatus) {
            node = status.node
            role = status.role
            buckets = Array(status.buckets)
            state = status.progress.word
            reason = status.progress.failure?.sentence
        }
    }

    /// How many connections old owners still keep.
    struct Draining: Encodable {
        let event = "draining"
        var connectionsLeft: Int
        var secondsLeft: Int
        var nodes: [Node]

        /// One old owner.
        struct Node: Encodable {
            var name: String
            var buckets: [Bucket]
        }

        /// One of its buckets.
        struct Bucket: Encodable {
            var bucket: Int
            var connections: Int
        }

        init(_ line: DrainLine) {
            connectionsLeft = DrainLine.sum(line.left)
            secondsLeft = Int(max(line.secondsLeft, 0))
            nodes = line.left.sorted { $0.key < $1.key }.map { name, buckets in
                Node(
                    name: name,
                    buckets: buckets.sorted { $0.key < $1.key }.map { Bucket(bucket: $0.key, connections: $0.value) })
            }
        }
    }

    /// How long new owners still reset what they do not know.
    struct Finalizing: Encodable {
        let event = "settling"
        var secondsLeft: Int
    }

    /// The plan before it is carried out, or what became of it.
    struct Whole: Encodable {
        var event: String
        var plan: PlanReport
    }
}
