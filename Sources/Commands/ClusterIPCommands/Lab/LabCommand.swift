import ArgumentParser

/// `clusterip lab`: a whole cluster in network namespaces on this machine.
struct LabCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Keep a whole cluster in network namespaces on this machine.",
        discussion: """
            Cluster address 10.8.0.1/16; nodes node1… at 10.8.1.1…; the client at 10.8.2.1, which also has every \
            address of 10.9.0.0/16. Every node echoes on 10.8.0.1 port 7777, TCP and UDP, and says its name first. \
            Root is not needed where unprivileged user namespaces are allowed.

            Examples:
              clusterip lab up --nodes 3 --buckets 16
              clusterip lab exec client -- ping -c 1 10.8.0.1
              clusterip lab kill node2
              clusterip lab boot node2
              clusterip lab status
              clusterip lab down

            Exit status: 0 done; 1 not done, one sentence on standard error says why; 64 wrong usage. `lab exec` \
            passes on the exit status of the program.
            """,
        subcommands: [
            LabUpCommand.self, LabDownCommand.self, LabStatusCommand.self, LabExecCommand.self, LabKillCommand.self,
            LabBootCommand.self, LabServiceCommand.self,
        ])
}
