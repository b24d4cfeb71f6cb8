import Planning
import Responsibility

/// Everything the console wants done outside; the answers come back as messages.
public enum Effect: Hashable, Sendable {
    /// Leave the program.
    case quit
    /// Work out a plan: `planReady` or `planRefused` answers.
    case plan(PlanRequest)
    /// Work out what completes an earlier plan or takes it back: the same answers.
    case recover(RecoveryRequest)
    /// Read the journal: `journal` answers.
    case readJournal
    /// Execute a plan; the named risks were accepted by typing a name. `planProgress` and `planFinished`
    /// answer.
    case execute(Plan, forced: [String], afterwards: Afterwards = Afterwards())
    /// Stop the execution after the running step.
    case abortExecution
    /// Put text into the operator's clipboard.
    case copy(String)
    /// Write something into a new file whose name begins with a screen's; `notice` tells its path.
    case export(Export, name: String, format: ExportFormat)
    /// Use another theme: `themeChanged` or `notice` answers.
    case setTheme(String)
    /// Bring another cluster of this console to the front, by its place.
    case openCluster(Int)
    /// Take mouse reports from the terminal, or leave the mouse to it.
    case setMouse(Bool)
    /// Keep what happened, for those who read it later.
    case keep([TimelineRecord])
    /// Keep the panes as they are set up, for the next start.
    case remember(PaneSettings)
    /// Stop the program until it is continued (Ctrl-Z).
    case suspend
    /// Draw every cell again.
    case repaint
    /// Ask every node for a sample now.
    case refresh
    /// Ask every node's connection tracking for a flow: `connections` answers.
    case askConnections(Flow)
}

/// The formats that a screen can be written in.
public enum ExportFormat: String, CaseIterable, Sendable {
    case json, csv, text
}
