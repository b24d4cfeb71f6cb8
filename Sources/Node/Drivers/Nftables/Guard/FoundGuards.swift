import ClusterModel
import Glibc
import LinuxNode
import Responsibility

/// The guards that the kernel holds, as far as they can do their work.
struct FoundGuards: Hashable {
    /// The comments of the rules at their hooks, by address and form.
    private var standing: [IPv4Address: [GuardTable.Form: Set<Mark>]] = [:]

    /// A rule of a guard where it is called.
    private struct Mark: Hashable {
        var hook: Chain.Hook
        var comment: String
    }

    /// No guards.
    init() {}

    /// Reads the guards of all addresses; the caller makes sure that the ruleset is still the same afterwards.
    init(_ reader: RulesetReader, tables: Set<String>) throws(KernelError) {
        for name in tables {
            guard let (address, form) = GuardTable.guarded(byTable: name) else { continue }
            var found = FoundTable()
            try reader.readChains(of: name, into: &found)
            standing[address, default: [:]][form] = Self.marks(found)
        }
    }

    /// Whether all tables that processes hold are still among these: the kernel takes them away with their owner, and does
    /// not count that as a change of the ruleset.
    func areHeld(among tables: Set<String>) -> Bool {
        standing.allSatisfy { $0.value[.held] == nil || tables.contains(GuardTable.name($0.key, .held)) }
    }

    /// Whether a process holds any.
    var areHeld: Bool { standing.contains { $0.value[.held] != nil } }

    /// How an address is guarded.
    func state(of table: GuardTable) -> GuardState {
        let wanted = Self.marks(FoundTable(guardedBy: table))
        let forms = standing[table.address] ?? [:]
        if forms[.held] == wanted { return .held }
        return forms[.plain] == wanted ? .plain : .missing
    }

    /// The addresses of which anything of a guard stands.
    var addresses: [IPv4Address] {
        standing.filter { $0.value.values.contains { $0.count == Self.ruleCount } }.keys.sorted()
    }

    private static let ruleCount = 3

    private static func marks(_ found: FoundTable) -> Set<Mark> {
        var marks: Set<Mark> = []
        for (chains, rules, isDormant) in [
            (found.chains, found.rules, found.isDormant), (found.arpChains, found.arpRules, found.arpIsDormant),
        ] where !isDormant {
            for chain in chains {
                guard let hook = chain.hook else { continue }
                for rule in rules[chain.name] ?? [] { marks.insert(Mark(hook: hook, comment: rule.comment ?? "")) }
            }
        }
        return marks
    }
}

extension FoundTable {
    /// A guard as it should be.
    fileprivate init(guardedBy table: GuardTable) {
        chains = table.chains.map { FoundChain(name: $0.name, hook: $0.hook) }
        rules = Dictionary(uniqueKeysWithValues: table.chains.map { ($0.name, $0.rules.map(\.text)) })
        arpChains = [FoundChain(name: table.arpChain.name, hook: table.arpChain.hook)]
        arpRules = [table.arpChain.name: table.arpChain.rules.map(\.text)]
    }
}
