import CLinux
import Capture
import ClusterModel
import FlowReading
import Glibc
import Responsibility

/// `clusterip who --summary` and `--pcap`: what a batch or a capture comes to.
struct WhoSummary {
    let basis: WhoBasis
    let comparison: CompareOptions
    /// Only packets, or flows, to this address count; nil: all.
    let destination: IPAddress?
    let format: WhoFormat
    /// What names of columns mean.
    var columns = ColumnNames()
    /// Whether the summary is printed every second while input comes.
    var watches = false
    /// Whether packets in tunnels count in place of the tunnels' own.
    var inner = false

    /// Sums up a batch of lines; bad lines are named, the first twenty of them.
    func run(batch path: String) throws(CommandError) -> ExitStatus {
        var (summary, other) = try empty()
        let reader = try BlockReader(path, what: "batch")
        let known = destination ?? basis.snapshot?.configuration.address
        var parser = FlowParser(needs: summary.scheme.needs(to: known), columns: columns)
        var batch = FlowBatch(keepsMarks: false)
        var lines = LineCounts()
        var watch = Watch()
        func paint(_ isDue: Bool) throws(CommandError) {
            guard watches, watch.hasNews, isDue else { return }
            var report = SummaryReport(summary, basis, other, lines: lines, ending: .complete)
            report.destination = destination
            watch.begin()
            try self.report(report)
        }
        let idle: (() throws(CommandError) -> Void)? = watches ? { () throws(CommandError) in try paint(true) } : nil
        try reader.forEachBlock(idle: idle) { (block, isLast) throws(CommandError) -> Int in
            let taken = parser.parse(block: block, isLast: isLast, into: &batch)
            if let destination { lines.otherDestination += batch.removeFlows(notTo: destination) }
            summary.take(batch)
            lines.take(batch)
            batch.removeAll()
            watch.hasNews = watch.hasNews || taken > 0
            if !isLast { try paint(watch.isDue) }
            return taken
        }
        if watches { watch.begin() }
        lines.finish()
        let ending: SummaryEnding = reader.isInterrupted ? .interrupted : .complete
        var report = SummaryReport(summary, basis, other, lines: lines, ending: ending)
        report.destination = destination
        try self.report(report)
        return reader.isInterrupted ? reader.interruption : lines.bad == 0 && summary.unplaced.isEmpty ? .done : .partly
    }

    /// Sums up a capture.
    func run(capture path: String) throws(CommandError) -> ExitStatus {
        var (summary, other) = try empty()
        let reader: CaptureReader
        let ports = summary.scheme.ports.union(other?.scheme.ports ?? [])
        do {
            reader = try CaptureReader(path: path, destination: destination, needsPorts: !ports.isEmpty, inner: inner)
        } catch {
            throw CommandError(error.description)
        }
        let ending = read(reader, into: &summary, path)
        var report = SummaryReport(summary, basis, other, capture: reader.counts, ending: ending)
        report.destination = destination
        try self.report(report)
        switch ending {
        case .damaged(let sentence): CommandIO.complain(sentence)
        case .interrupted:
            CommandIO.complain("stopped by Ctrl-C after \(reader.counts.packets) packets: the results are of those")
        case .complete: break
        }
        return ending == .complete && !summary.unplaced.isEmpty ? .partly : ending.status
    }

    private func read(_ reader: CaptureReader, into summary: inout FlowSummary, _ path: String) -> SummaryEnding {
        clusterip_remember_interrupt()
        var progress = Progress(total: Files.size(of: path))
        defer { Progress.clear() }
        var batch = FlowBatch()
        do throws(CaptureError) {
            var goesOn = true
            while goesOn {
                goesOn = try reader.read(into: &batch)
                summary.take(batch)
                batch.removeAll()
                if clusterip_is_interrupted() != 0 { return .interrupted }
                progress.show(reader.position)
            }
            return .complete
        } catch {
            summary.take(batch)
            return clusterip_is_interrupted() != 0 ? .interrupted : .damaged(error.description)
        }
    }

    /// An empty summary, and what it is compared with.
    private func empty() throws(CommandError) -> (FlowSummary, ComparisonBasis?) {
        guard let scheme = basis.scheme else { throw CommandError("a summary needs one arithmetic for all flows") }
        let other = comparison.isGiven ? try ComparisonBasis(comparison, basis, scheme) : nil
        do throws(FlowSummaryError) {
            return (try FlowSummary(scheme: scheme, comparedWith: other?.scheme), other)
        } catch {
            throw CommandError(error.description)
        }
    }

    private func report(_ report: SummaryReport) throws(CommandError) {
        switch format {
        case .table: CommandIO.print(SummaryTable(report).text)
        case .bars: CommandIO.print(SummaryBars(report).text)
        case .csv, .spreadsheet: CommandIO.print(report.csv(format.output))
        case .json, .ndjson:
            do { CommandIO.print(try report.json(lines: format == .ndjson)) } catch {
                throw CommandError("the summary could not be written as JSON")
            }
        }
    }
}

/// When the summary of a stream is printed: every second, each in the place of the last on a terminal.
struct Watch {
    private var next = Watch.now + 1
    /// Whether something came since the last.
    var hasNews = false

    /// Whether a second has gone by since the last.
    var isDue: Bool { Self.now >= next }

    /// Begins a print.
    mutating func begin() {
        (next, hasNews) = (Self.now + 1, false)
        if isatty(STDOUT_FILENO) == 1 { CommandIO.print("\u{1b}[H\u{1b}[2J") }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
