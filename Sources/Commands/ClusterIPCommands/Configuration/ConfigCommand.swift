import ArgumentParser
import Canvas
import ClusterModel
import Console
import Glibc
import NcursesTerminal

/// `clusterip config`: every setting, and where it was said.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show every setting, and where it was said.",
        discussion: """
            Options come before the configuration file, $XDG_CONFIG_HOME/clusterip/config.yaml (by default below \
            ~/.config), and that before what is built in. The theme of a cluster file counts where no option says \
            another. Ends with 1 when something in the file means nothing.

            The file has any of these:
              theme: solarized-dark       # one of the themes below, or a path
              color: auto                 # auto, 256, 16, 8 or never
              ascii: false                # draw with ASCII characters only
              mouse: true                 # clicks come to the console
              local: false                # times by local time, not UTC
              interval: 1                 # seconds between two samples
              keys:                       # by the names that are typed behind `:`
                refresh: [F5, r]
                takeover: none

            Examples:
              clusterip config
              clusterip config --format json

            \(ExitStatus.help)
            """)

    @Option(help: DocumentFormat.help) var format = DocumentFormat.table

    @OptionGroup var options: ConsoleOptions

    func run() throws {
        try CommandIO.run {
            let setup = ConsoleSetup(options)
            let rows = SettingRow.rows(setup)
            switch format {
            case .table:
                var table = TextTable([("SETTING", .left), ("VALUE", .left), ("ORIGIN", .left)])
                for row in rows { table.add([row.setting, row.value, row.origin]) }
                CommandIO.print(table.text)
            case .json: CommandIO.print(try JSONText.text(SettingsReport(settings: rows), pretty: true))
            }
            for problem in setup.problems { CommandIO.complain(problem) }
            return setup.problems.isEmpty ? .done : .failed
        }
    }
}

/// A setting as it is printed.
struct SettingRow: Encodable {
    var setting: String
    var value: String
    var origin: String

    /// Every setting there is.
    static func rows(_ setup: ConsoleSetup) -> [SettingRow] {
        let isPlain = (Files.environment("NO_COLOR")) != nil && setup.color.origin == .builtIn
        let looks = [
            SettingRow("theme", setup.theme.value ?? Theme.builtIn.name, setup.theme.origin),
            SettingRow(
                "color", isPlain ? "never" : setup.color.value.rawValue,
                isPlain ? .environment("NO_COLOR") : setup.color.origin),
            SettingRow("ascii", "\(setup.ascii.value)", setup.ascii.origin),
            SettingRow("mouse", "\(setup.mouse.value)", setup.mouse.origin),
            SettingRow("local", "\(setup.local.value)", setup.local.origin),
            SettingRow("interval", "\(setup.interval.value)", setup.interval.origin),
        ]
        let keys = setup.bindings.map { entry in
            let labels = entry.value.keys.map(\.label).joined(separator: " ")
            return SettingRow(
                "keys.\(entry.value.command)", labels.isEmpty ? "none" : labels,
                .file(setup.path, line: entry.line))
        }
        return looks + keys + places
    }

    /// Where files are looked for and kept.
    private static var places: [SettingRow] {
        let clusters = ClusterLocator.directory
        let agent = Files.environment("CLUSTERIP_AGENT") != nil
        return [
            SettingRow(
                "cluster", Files.environment("CLUSTERIP_CLUSTER") ?? "the lab's, or the only one there is",
                Files.environment("CLUSTERIP_CLUSTER") == nil ? .builtIn : .environment("CLUSTERIP_CLUSTER")),
            SettingRow("cluster files", "\(clusters)/NAME.yaml", origin("XDG_CONFIG_HOME")),
            SettingRow("journal", StatePlace.journal, origin("XDG_STATE_HOME")),
            SettingRow("timelines", "\(StatePlace.directory)/timeline-NAME.csv", origin("XDG_STATE_HOME")),
            SettingRow("panes", StatePlace.panes, origin("XDG_STATE_HOME")),
            SettingRow("agent", ClusterConnection.agentPath, agent ? .environment("CLUSTERIP_AGENT") : .builtIn),
        ]
    }

    private static func origin(_ variable: String) -> SettingOrigin {
        Files.environment(variable) == nil ? .builtIn : .environment(variable)
    }

    private init(_ setting: String, _ value: String, _ origin: SettingOrigin) {
        self.setting = setting
        self.value = value.madeSafe(limit: 300)
        self.origin = origin.description.madeSafe(limit: 300)
    }
}

/// What `clusterip config --format json` prints.
struct SettingsReport: Encodable {
    let schema = 1
    var settings: [SettingRow]
}
