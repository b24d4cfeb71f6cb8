import ArgumentParser
import NodeAgent

/// The `clusterip` command.
public struct RootCommand: ParsableCommand {
    /// Its name and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "clusterip",
        abstract: "Shows and moves the buckets of Active/Active cluster IPs.",
        version: "clusterip \(AgentProgram.version)",
        subcommands: [
            DemoCommand.self, ConsoleCommand.self, StatusCommand.self, FindingsCommand.self, WhoCommand.self,
            CalibrateCommand.self, MoveCommand.self, DrainCommand.self, RestoreCommand.self, TakeOverCommand.self,
            RepairCommand.self,
            RebalanceCommand.self, SettleCommand.self, AdoptCommand.self, AnnounceCommand.self, ObserveCommand.self,
            JournalCommand.self, ConfigCommand.self,
            InstallCommand.self, JoinCommand.self,
            ReinstallCommand.self, MigrateCommand.self, ResizeCommand.self, LeaveCommand.self, UninstallCommand.self,
            LabCommand.self,
            SimulateCommand.self,
            LabSupervisorCommand.self, LabNodeCommand.self, LabServiceProcessCommand.self, LabClientCommand.self,
            LabGuestCommand.self, LabGuestRunCommand.self,
        ])

    /// The command as ArgumentParser makes it.
    public init() {}
}
