import ArgumentParser

/// `clusterip journal`: what was changed, by whom and why; and what was cut off.
struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Show what was changed; finish or take back what was cut off.",
        discussion: """
            Every plan is written down before its first step, and every step before it is sent, in \
            $XDG_STATE_HOME/clusterip/journal.sqlite (by default below ~/.local/state). A plan that cannot be written \
            down is not begun.

            Examples:
              clusterip journal list
              clusterip journal show op-tbs3kl-1x2y3z
              clusterip journal undo op-tbs3kl-1x2y3z
              clusterip journal resume
              clusterip journal export -
              clusterip journal timeline

            \(ExitStatus.help)
            """,
        subcommands: [
            JournalListCommand.self, JournalShowCommand.self, JournalUndoCommand.self, JournalResumeCommand.self,
            JournalExportCommand.self, JournalTimelineCommand.self,
        ],
        defaultSubcommand: JournalListCommand.self)
}
