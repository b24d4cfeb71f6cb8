import ClusterModel
import Glibc
import LinuxNode
import Nftables
import NodeDriver
import Reactor

/// `clusterip-agent guard`: holds the guard of a cluster address for as long as it runs.
struct GuardProgram {
    /// What is to be done with the guard.
    enum Task: String {
        /// Hold it until a signal comes.
        case hold
        /// Print the plain guard as a file for nft.
        case print = "--print"
        /// Make the plain guard and end.
        case once = "--once"
        /// Take both forms away.
        case remove = "--remove"
    }

    let task: Task
    /// The name of a file of settings, or its path.
    let name: String

    /// So often, in seconds, switches that snoop are told that the node wants all multicast.
    private static let reminder = 20.0

    /// Runs to the end; throws a sentence.
    func run() throws {
        let settings = try NodeSettings(file: name)
        let table = try GuardTable(settings)
        switch task {
        case .print: Swift.print(table.text, terminator: "")
        case .once: try NftablesDriver(LinuxProbe()).makeGuard(table)
        case .remove: try NftablesDriver(LinuxProbe()).removeGuards(table)
        case .hold: try hold(table, settings.configuration)
        }
    }

    private func hold(_ table: GuardTable, _ configuration: ClusterConfiguration) throws {
        let holder = try GuardHolder(table)
        try holder.make()
        let reactor = try Reactor()
        let notifier = ServiceNotifier()
        let say = { (text: String) in
            notifier.send("STATUS=\(text)")
            Swift.print(text)
            fflush(nil)
        }
        func keep() {
            do throws(DriverError) {
                if try holder.keep() { say("the guard of \(table.address) was gone and is made anew") }
                notifier.send("WATCHDOG=1")
            } catch { say(error.message) }
        }
        try reactor.onSignals([SIGTERM, SIGINT, SIGHUP]) { [unowned reactor] _ in reactor.stop() }
        // Where the kernel lets others take the tables away, it tells of that at least.
        let events = holder.hold == .watched ? try RulesetEvents() : nil
        if let events { try reactor.watch(events.descriptor) { _ in if !events.drain().isEmpty { keep() } } }
        if let interval = notifier.watchdogInterval {
            _ = reactor.after(interval / 3, repeating: true) { keep() }
        }
        let probe = try LinuxProbe()
        if configuration.joinsGroup {
            _ = reactor.after(Self.reminder, repeating: true) { try? probe.announce(configuration) }
        }
        notifier.send("READY=1")
        say("the guard of \(table.address) stands on \(table.interface): \(holder.hold?.sentence ?? "")")
        withExtendedLifetime(events) { reactor.run() }
        // A machine that goes down may still hear and answer for a while.
        if holder.hold != .persistent { try NftablesDriver(LinuxProbe()).makeGuard(table) }
    }
}

extension GuardHolder.Hold {
    fileprivate var sentence: String {
        switch self {
        case .persistent: "nobody else can take it away, and it stays when this process ends"
        case .owned: "nobody else can take it away while this process lives"
        case .watched: "others can take it away, and then it is made anew"
        }
    }
}

extension GuardTable {
    fileprivate init(_ settings: NodeSettings) throws(DriverError) {
        guard let table = GuardTable(settings.configuration) else {
            throw DriverError(.notSupported, "\(settings.configuration.address) cannot be guarded; IPv4 addresses can.")
        }
        self = table
    }
}

/// `clusterip-agent member`: makes this node a member that owns nothing, by its file of settings.
struct MemberProgram {
    /// The name of a file of settings, or its path.
    let name: String

    /// Runs to the end and says what it did; throws a sentence.
    func run() throws {
        let settings = try NodeSettings(file: name)
        let probe = try LinuxProbe()
        let driver = NftablesDriver(probe)
        let (configuration, address) = (settings.configuration, settings.configuration.address)
        let preparation = try driver.prepare(configuration)
        if preparation.isNew, !settings.members.isEmpty {
            try driver.enroll(address, adding: settings.members, removing: [])
        }
        if preparation == .made || preparation == .completed { try? probe.announce(configuration) }
        print("\(address) on \(configuration.interface): \(preparation.sentence(configuration.interface))")
    }
}

extension NftablesDriver.Preparation {
    fileprivate func sentence(_ interface: String) -> String {
        switch self {
        case .complete: "the node is a member; nothing was changed"
        case .completed: "the node is a member; its MAC and address are made good"
        case .made: "the node is a member now and owns nothing"
        case .waiting(let isNew):
            (isNew ? "the table is made, and the node owns nothing" : "the table is there")
                + "; MAC and address wait for \(interface), which is not there yet"
        }
    }
}

/// `clusterip-agent settings`: prints the settings of this node's clusters, for its file.
struct SettingsProgram {
    /// The cluster address; nil: the only one.
    let address: String?

    /// Prints them; throws a sentence.
    func run() throws {
        let clusters = try NftablesDriver(LinuxProbe()).sample().clusters
        let found = clusters.filter { address == nil || "\($0.configuration.address)" == address }
        guard let cluster = found.first, found.count == 1 else {
            let there = clusters.map { "\($0.configuration.address)" }.joined(separator: ", ")
            throw DriverError(
                .notFound,
                clusters.isEmpty
                    ? "This node is a member of no cluster." : "Say which cluster address; there are \(there).")
        }
        let members = cluster.notes.members ?? []
        print(NodeSettings(cluster.configuration, members: members).text, terminator: "")
    }
}
