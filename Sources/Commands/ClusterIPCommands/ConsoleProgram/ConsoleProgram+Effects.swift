import AgentProtocol
import Canvas
import ClusterModel
import Console
import Execution
import NcursesTerminal
import NodeLinks
import Responsibility
import ThemeFiles

extension ConsoleProgram {
    /// Carries out what the console wants done; what comes of it comes back as messages.
    func perform(_ effect: Effect) {
        switch effect {
        case .quit: stage.quit()
        case .plan(let request): plan(request)
        case .recover(let request): plan(request)
        case .readJournal: readJournal()
        case .execute(let plan, let forced, let afterwards): execute(plan, forced: forced, afterwards)
        case .abortExecution: runner?.stop()
        case .copy(let text): if !terminal.copy(text) { say("this is too long for the terminal's clipboard") }
        case .export(let content, let name, let format): export(content, name, format)
        case .setTheme(let name): setTheme(name)
        case .keep(let records): if let problem = timeline.keep(records) { say(problem, .warning) }
        case .remember(let panes):
            if !RememberedPanes.write(panes.text) { say("the panes cannot be remembered", .warning) }
        case .suspend: stage.suspend()
        case .openCluster(let index): stage.open(index)
        case .setMouse(let isOn): terminal.setMouse(isOn)
        case .repaint: terminal.redraw()
        case .refresh: fleet.refresh()
        case .askConnections(let flow): askConnections(flow)
        }
    }

    func say(_ text: String, _ kind: Notice.Kind = .failure) { take(.notice(Notice(text, kind: kind))) }

    private func setTheme(_ name: String) {
        do {
            let loaded = try stage.library.load(name)
            theme = loaded.theme
            terminal.redraw()
            take(.themeChanged(loaded.theme.name))
            warn(loaded.warnings)
        } catch { say("\(error)") }
    }

    /// Says what was left out of a theme's file.
    func warn(_ warnings: [ThemeWarning]) {
        guard let first = warnings.first else { return }
        let more = warnings.count > 1 ? ", and \(warnings.count - 1) more such" : ""
        say("theme: \(first)\(more)", .warning)
    }

    private func askConnections(_ flow: Flow) {
        guard let configuration = fleet.snapshot?.configuration, let bucket = try? configuration.scheme.bucket(of: flow)
        else { return }
        var replies = fleet.names.map { FlowConnection(node: $0, text: "not asked yet", isKnown: false) }
        for (index, name) in fleet.names.enumerated() {
            fleet.call(.connections(configuration.address), node: index) { [self] result in
                replies[index] = FlowConnection(node: name, result, bucket: bucket)
                take(.connections(flow, replies))
            }
        }
    }

    private func export(_ content: Export, _ name: String, _ format: ExportFormat) {
        guard let snapshot = fleet.snapshot else { return say("nothing is known of the cluster yet") }
        do throws(CommandError) {
            let path = try ScreenExport(content: content, snapshot: snapshot, format: format).write(name: name)
            say("written to \(path)", .information)
        } catch { say(error.description) }
    }
}

extension FlowConnection {
    /// What one node says of the connections in a flow's bucket.
    init(node: String, _ result: Result<AgentResult, AgentFailure>, bucket: Int) {
        switch result {
        case .success(.connections(let counts)):
            let count = counts[bucket] ?? 0
            self.init(
                node: node,
                text: count == 1
                    ? "1 TCP connection of bucket \(bucket)" : "\(count) TCP connections of bucket \(bucket)",
                isKnown: count > 0)
        case .success: self.init(node: node, text: "no answer that makes sense", isKnown: false)
        case .failure(let failure): self.init(node: node, text: failure.message, isKnown: false)
        }
    }
}
