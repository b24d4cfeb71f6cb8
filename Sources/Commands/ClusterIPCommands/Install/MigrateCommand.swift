import ArgumentParser
import ClusterModel
import Planning
import Wording

/// `clusterip migrate`: let a table of our own take the place of other programs' rules.
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Let a table of ours take the place of a node's xt_cluster or IPaddr2 rules.",
        discussion: """
            The table places flows as the rules do and owns what they own; it is there before the rules are taken away, so \
            that no flow changes its node and no connection ends. Rules that other addresses need, too, and those of \
            iptables-legacy are refused before anything is changed. With --check, what would happen to each node is said, \
            and what to change in configuration that outlives a boot; nothing is changed. Of a node that has a table of ours it prints \
            the command that goes the way back.

            Rules of Pacemaker's IPaddr2 give way only where no Pacemaker runs, such as on a node in maintenance.

            \(MemberHelp.plan)

            Examples:
              clusterip migrate --check
              clusterip migrate --check --file /etc/iptables/rules.v4
              clusterip migrate node3

            \(ExitStatus.help)
            """)

    @Argument(help: "The node; with --check all nodes when none is named.") var node: String?

    @OptionGroup var consent: ConsentOptions

    @Flag(help: "Say what would happen, and change nothing.") var check = false

    @Option(
        name: .customLong("file"),
        help: ArgumentHelp(
            "With --check: what would happen to the clusters in this configuration, asking no node; may be repeated. What "
                + "iptables-save, nft list ruleset and crm configure show print, or what restores it at boot.",
            valueName: "file"))
    var files: [String] = []

    func validate() throws {
        if !files.isEmpty, !check || node != nil { throw ValidationError("--file is for --check, and takes no node.") }
        if node == nil, !check { throw ValidationError("migrate needs a node, or --check.") }
    }

    func run() throws {
        guard !check else { return try CommandIO.run { try report() } }
        let name = node ?? ""
        try PlanCommandBody(consent).run { snapshot throws(CommandError) in
            if let sample = snapshot.nodes.first(where: { $0.name == name })?.sample {
                guard !sample.capabilities.can(.membership) else {
                    throw CommandError("\(name) has a table of ours already")
                }
                guard sample.capabilities.can(.migrating) else {
                    throw CommandError(
                        "\(name)'s driver \(sample.driver) \(Capabilities.Lack.ability(.migrating).sentence); "
                            + "`clusterip migrate --check \(name)` says what to do")
                }
            }
            return .reinstall(name, interface: nil)
        }
    }

    private func checks() throws -> [MigrationCheck] {
        guard files.isEmpty else {
            return try files.flatMap { file throws(CommandError) in
                WrittenCluster.all(in: try Files.text(file, what: "configuration")).map { MigrationCheck($0, of: file) }
            }
        }
        let connection = try ClusterConnection(consent.cluster.load())
        let snapshot = try connection.awaitedSnapshot()
        let counted = connection.countedConnections(snapshot)
        connection.close()
        return MigrationCheck.all(snapshot, connections: counted).filter { node == nil || $0.node == node }
    }

    private func report() throws -> ExitStatus {
        let checks = try checks()
        if consent.format == .json {
            CommandIO.print(try JSONText.text(checks, pretty: true))
            return .done
        }
        for check in checks {
            CommandIO.print("\(check.node) (\(check.driver ?? "-")): \(check.effect)\n")
            for (index, step) in check.advice.enumerated() { CommandIO.print("  \(index + 1). \(step)\n") }
        }
        return .done
    }
}
