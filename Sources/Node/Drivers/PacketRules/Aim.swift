import LinuxNode
import Responsibility

/// What a rule is about, with what the jumps that lead to it require: the packets' destination and interface.
struct Aim {
    /// The family of the packets.
    let family: IPAddress.Family
    /// The rule's table.
    let table: String
    /// The network that they must go to; nil: any.
    private(set) var destination: AddressRange?
    /// The question for their bucket; nil for a rule that asks for a mark instead.
    private(set) var test: BucketTest?
    private var interface: (name: String, isPrefix: Bool)?
    private var index: Int?
    private static let deepest = 16

    private init(_ table: RuleTable) { (family, self.table) = (table.family, table.name) }

    /// What the rules of a table that ask for buckets or marks are about.
    static func all(_ table: RuleTable) -> [Aim] {
        var found: [Aim] = []
        for chain in table.chains where chain.hook != nil {
            collect(chain, in: table, Aim(table), depth: 0, &found)
        }
        return found
    }

    private static func collect(
        _ chain: RuleChain, in table: RuleTable, _ outer: Aim, depth: Int, _ found: inout [Aim]
    ) {
        guard depth < deepest else { return }
        for rule in chain.rules {
            var aim = outer
            let asks = aim.narrow(rule.conditions)
            if asks { found.append(aim) }
            switch rule.action {
            case .jump(let name), .goto(let name):
                if let next = table.chain(name) { collect(next, in: table, aim, depth: depth + 1, &found) }
            default: break
            }
        }
    }

    /// Takes what a rule requires; returns whether it asks for a bucket or a mark.
    private mutating func narrow(_ conditions: [RuleCondition]) -> Bool {
        var asks = false
        for condition in conditions {
            switch condition {
            case .destination(let range, false): destination = range
            case .interface(let name, let isPrefix, false): interface = (name, isPrefix)
            case .interfaceIndex(let index, false): self.index = index
            case .bucket(let test): (self.test, asks) = (test, true)
            case .mark: asks = true
            default: break
            }
        }
        return asks
    }

    /// Whether it may be about packets to an address.
    func reaches(_ address: IPAddress) -> Bool {
        family == address.family && destination?.contains(address) ?? true
    }

    /// Whether it may be about packets that come by an interface.
    func isFor(_ name: String) -> Bool {
        guard let interface else { return true }
        return interface.isPrefix ? name.hasPrefix(interface.name) : name == interface.name
    }

    /// The interface that it names, or whose number it has.
    func interfaceName(on node: InterfaceList) -> String? {
        if let interface, !interface.isPrefix { return interface.name }
        return index.flatMap(node.name)
    }

    /// The number of an interface that is not there.
    func lostIndex(on node: InterfaceList) -> Int? { index.flatMap { node.name(of: $0) == nil ? $0 : nil } }
}
