import AgentProtocol
import ClusterModel
import Glibc
import IPaddr2
import IptClusterip
import LinuxNode
import Logging
import Nftables
import NodeDriver
import Reactor
import Responsibility
import SystemLog
import XtCluster

/// The program `clusterip-agent`: its options, and the agent behind them served on standard input and output.
public struct AgentProgram {
    /// The version of agent and console; both come from one package.
    public static let version = "0.2.0"

    private static let help = """
        usage: clusterip-agent [--read-only] [--strict] [--no-connection-marks]
               clusterip-agent guard [--print | --once | --remove] NAME
               clusterip-agent member NAME
               clusterip-agent settings [ADDRESS]
               clusterip-agent uninstall-observer ADDRESS
               clusterip-agent --version | --help

        Serves one console on standard input and output: JSON-RPC 2.0, one message a line. Started by clusterip on a
        node, usually through ssh; it opens no port, keeps no state, and ends when its input ends.

          --read-only   refuse every call that changes the node
          --strict      end with status 1 after the first call that failed, with its sentence on standard error
          --no-connection-marks
                        tables that it makes leave the marks of connections to other programs of the node, such as a
                        VPN; every packet that is let in is then hashed twice

        For the units of a node, which read its settings from /etc/clusterip/NAME.yaml, from a path with a /, or from
        standard input (-):

          guard         hold tables that keep the node silent, and its ARP right, whenever the cluster's table is missing;
                        --print them as a file for nft, make them --once and end, or --remove them
          member        make the node a member that owns nothing; one that is a member keeps what it has
          settings      print the settings of a member, for its file

          uninstall-observer
                        remove the table that counts packets beside ipt_CLUSTERIP; it decides nothing

        Methods: hello, snapshot, watch, apply, operations, connections, drop_connections, install, admit, rebuild,
        enroll, leave, announce, observe, uninstall_observer, uninstall; Docs/Protocol.md describes them.
        Example: echo '{"jsonrpc":"2.0","id":1,"method":"snapshot"}' | clusterip-agent

        """

    private let arguments: [String]

    /// The program with its arguments, its own name not among them.
    public init(arguments: [String]) { self.arguments = arguments }

    /// Runs until the input ends; returns the exit status: 0, 1 after a failure, 64 for wrong usage.
    public func run() -> Int32 {
        if let status = runTask() { return status }
        let known = ["--read-only", "--strict", "--no-connection-marks"]
        if arguments.contains("--help") || arguments.contains("-h") {
            print(Self.help, terminator: "")
            return 0
        }
        if arguments == ["--version"] {
            print("clusterip-agent \(Self.version)")
            return 0
        }
        if let unknown = arguments.first(where: { !known.contains($0) }) {
            complain(
                "there is no option \(unknown.madeSafe(limit: 60)), or it lacks a name; see clusterip-agent --help")
            return 64
        }
        return serve()
    }

    /// The drivers that this kernel has, the one first that makes a node a member unless another is named.
    private func drivers(_ probe: LinuxProbe) throws(DriverError) -> [any Driver] {
        let ours = NftablesDriver(probe, marksConnections: !arguments.contains("--no-connection-marks"))
        let isOffered = NftablesDriver.isOffered(on: probe)
        return (isOffered ? [ours] : []) + [
            try IptClusteripDriver(probe, beside: isOffered ? ours : nil), try XtClusterDriver(probe),
            try IPaddr2Driver(probe),
        ]
    }

    private func serve() -> Int32 {
        do {
            let reactor = try Reactor()
            let probe = try LinuxProbe()
            let registry = DriverRegistry(probe: probe, drivers: try drivers(probe))
            let identity = AgentIdentity(
                version: Self.version, host: Self.uname.host, machine: Self.machine, kernel: Self.uname.release,
                drivers: registry.descriptions,
                readOnly: arguments.contains("--read-only"))
            let agent = Agent(registry, identity: identity)
            var logger = Logger(label: "clusterip-agent") { _ in SystemLog(program: "clusterip-agent") }
            for (key, value) in Logger.Metadata.operatorOfThisProcess() { logger[metadataKey: key] = value }
            let logged = LoggedAgent(agent, logger: logger)
            let server = AgentServer(agent: logged, reactor: reactor, isStrict: arguments.contains("--strict"))
            if let events = try? RulesetEvents() {
                try server.watchNews(events.descriptor) {
                    let changes = events.drain().map(\.withUser)
                    agent.note(changes)
                    return !changes.isEmpty
                }
            }
            reactor.after(ProcessMemory.startTime) { ProcessMemory.forgetStart() }
            try server.run()
            guard let failure = server.failure else { return 0 }
            complain(failure.message)
            return 1
        } catch {
            complain("\(error)")
            return 1
        }
    }

    /// Runs what the units of a node run; nil when the arguments are of another kind.
    private func runTask() -> Int32? {
        let rest = Array(arguments.dropFirst())
        do {
            switch (arguments.first, rest.count) {
            case ("guard", 1) where !rest[0].hasPrefix("--"): try GuardProgram(task: .hold, name: rest[0]).run()
            case ("guard", 2):
                guard let task = GuardProgram.Task(rawValue: rest[0]) else { return nil }
                try GuardProgram(task: task, name: rest[1]).run()
            case ("member", 1) where !rest[0].hasPrefix("--"): try MemberProgram(name: rest[0]).run()
            case ("uninstall-observer", 1):
                guard let address = IPAddress(rest[0]) else { return nil }
                try NftablesDriver(LinuxProbe()).endObserving(address)
            case ("settings", 0), ("settings", 1): try SettingsProgram(address: rest.first).run()
            default: return nil
            }
            return 0
        } catch {
            complain("\(error)")
            return 1
        }
    }

    private func complain(_ text: String) {
        let line = Array("clusterip-agent: \(text)\n".utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// The boot and the network namespace that this process is in; nil when the system does not tell.
    private static var machine: String? {
        guard let boot = ProcFile.lines("/proc/sys/kernel/random/boot_id").first else { return nil }
        var facts = stat()
        guard stat("/proc/self/ns/net", &facts) == 0 else { return nil }
        return "\(boot)/\(facts.st_ino)"
    }

    private static var uname: (host: String, release: String) {
        var names = utsname()
        guard Glibc.uname(&names) == 0 else { return ("unknown", "unknown") }
        func text(_ field: some Any) -> String {
            withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        return (text(names.nodename), text(names.release))
    }
}

extension RulesetChange {
    /// The change with the user who made it, when it was a program that is not ours.
    fileprivate var withUser: RulesetChange {
        guard var process = program.otherProcess else { return self }
        process.user = ProcessUser.name(pid: process.pid)
        return RulesetChange(generation: generation, by: .other(process))
    }
}
