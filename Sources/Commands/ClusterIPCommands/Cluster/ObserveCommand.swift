import AgentProtocol
import ArgumentParser
import ClusterModel

/// `clusterip observe`: count the packets of a node whose mechanism does not.
struct ObserveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "observe", abstract: "Count the packets of a node with ipt_CLUSTERIP by nf_tables, beside it.",
        discussion: """
            ipt_CLUSTERIP counts nothing. Where the kernel has nf_tables, too, a table of its own can count what arrives for \
            each bucket, and what is let in, by the marks that the target writes; none of its rules decides about a packet. \
            It is there until --end, or until the next boot. `clusterip-agent uninstall-observer ADDRESS` on the node \
            removes it as well.

            \(ExitStatus.help)

            Examples:
              clusterip observe node4
              clusterip observe node4 --end
            """)

    @OptionGroup var cluster: ClusterOptions

    @Argument(help: "The node.") var node: String

    @Flag(help: "Count no more.") var end = false

    func run() throws {
        try CommandIO.run {
            let connection = try ClusterConnection(cluster.load())
            defer { connection.close() }
            let snapshot = try connection.awaitedSnapshot()
            guard snapshot.index(ofNode: node) != nil else {
                throw CommandError(
                    "there is no node \(node.madeSafe(limit: 64)) in \(connection.file.name); it has "
                        + snapshot.nodes.map(\.name).joined(separator: ", "))
            }
            let address = snapshot.configuration.address
            let answers = try connection.ask { name in
                name != node ? nil : end ? .endObserving(address) : .observe(address)
            }
            guard case .failure(let failure)? = answers.first?.result else {
                CommandIO.print("\(node) \(end ? "counts no more" : "counts") the packets of \(address)\n")
                return .done
            }
            throw CommandError("\(node): \(failure.message.madeSafe(limit: 300))")
        }
    }
}
