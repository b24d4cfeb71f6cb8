import ClusterModel

extension FoundTable {
    /// How the tables differ from those that belong to a configuration, one sentence each.
    func alterations(from table: BucketTable) -> [String] {
        (isDormant ? ["The table \(table.name) is dormant: it decides nothing, and the node answers everything."] : [])
            + setAlterations(table) + elementAlterations(total: table.configuration.bucketCount)
            + stickyAlterations(table)
            + Self.chainAlterations(table.chains, found: chains, rules: rules, place: "")
            + arpAlterations(table)
    }

    /// Whether the arp table is there and as it should be.
    func arpIsRight(_ table: BucketTable) -> Bool { arpAlterations(table).isEmpty }

    private func arpAlterations(_ table: BucketTable) -> [String] {
        guard !arpChains.isEmpty else {
            return ["The arp table \(table.name) is missing: ARP does not say the cluster MAC."]
        }
        guard !arpIsDormant else {
            return ["The arp table \(table.name) is dormant: ARP does not say the cluster MAC."]
        }
        return Self.chainAlterations([table.arpChain], found: arpChains, rules: arpRules, place: "arp ")
    }

    private func setAlterations(_ table: BucketTable) -> [String] {
        let expected = table.layout.countingSets + BucketTable.ownershipSets + table.layout.furtherSets
        let missing = expected.filter { sets[$0] == nil }.map { "The set \($0) is missing." }
        let wrong = expected.filter { sets[$0].map { $0.keyLength != 4 } ?? false }
            .map { "The set \($0) does not hold bucket numbers." }
        let foreign = sets.keys.filter { !expected.contains($0) }.sorted().map { "The set \($0) is foreign." }
        return missing + wrong + foreign
    }

    private func elementAlterations(total: Int) -> [String] {
        var sentences: [String] = []
        for set in BucketTable.ownershipSets {
            for bucket in elements[set, default: [:]].keys.sorted() where !(1...total).contains(bucket) {
                sentences.append("The set \(set) holds \(bucket), which is not a bucket; there are 1 to \(total).")
            }
        }
        let owned = BucketSet(elements["owned", default: [:]].keys)
        let draining = BucketSet(elements["draining", default: [:]].keys)
        let half = BucketSet(elements["adopted", default: [:]].keys).subtracting(owned)
        if !half.isEmpty { sentences.append("The set adopted holds \(half), which the set owned lacks.") }
        let both = draining.intersection(owned)
        if !both.isEmpty { sentences.append("The sets owned and draining both hold \(both).") }
        return sentences
    }

    private func stickyAlterations(_ table: BucketTable) -> [String] {
        guard let sticky = elements[BucketTable.sticky], table.layout.furtherSets.contains(BucketTable.sticky) else {
            return []
        }
        let lacking = BucketSet(elements["draining", default: [:]].keys).subtracting(BucketSet(sticky.keys))
        return lacking.isEmpty ? [] : ["The set sticky lacks \(lacking): connections of these buckets stand still."]
    }

    private static func chainAlterations(
        _ expected: [Chain], found: [FoundChain], rules: [String: [RuleText]], place: String
    ) -> [String] {
        var sentences: [String] = []
        for chain in expected {
            guard let foundChain = found.first(where: { $0.name == chain.name }) else {
                sentences.append("The \(place)chain \(chain.name) is missing.")
                continue
            }
            if foundChain.hook != chain.hook {
                sentences.append("The \(place)chain \(chain.name) is not at its hook and priority.")
            }
            if !foundChain.accepts {
                sentences.append("The policy of the \(place)chain \(chain.name) is drop; it must be accept.")
            }
            sentences += ruleAlterations(
                chain.rules.map(\.text), rules[chain.name, default: []], "\(place)chain \(chain.name)")
        }
        let names = Set(expected.map(\.name))
        return sentences + found.filter { !names.contains($0.name) }.map { "The \(place)chain \($0.name) is foreign." }
    }

    private static func ruleAlterations(_ expected: [RuleText], _ found: [RuleText], _ chain: String) -> [String] {
        guard expected != found else { return [] }
        var sentences: [String] = []
        var rest = found
        for rule in expected {
            let comment = rule.comment ?? ""
            if let place = rest.firstIndex(of: rule) {
                rest.remove(at: place)
            } else if let place = rest.firstIndex(where: { $0.comment == rule.comment }) {
                sentences.append(
                    "The rule \"\(comment)\" of the \(chain) is altered: \(difference(rule, rest.remove(at: place))).")
            } else {
                sentences.append("The rule \"\(comment)\" of the \(chain) is missing.")
            }
        }
        for rule in rest {
            sentences.append(
                "A foreign rule is in the \(chain): \(rule.comment ?? rule.steps.joined(separator: "; ")).")
        }
        return sentences.isEmpty ? ["The rules of the \(chain) are out of order."] : sentences
    }

    /// The first step in which two rules differ.
    private static func difference(_ expected: RuleText, _ found: RuleText) -> String {
        for (right, wrong) in zip(expected.steps, found.steps) where right != wrong {
            return "it has \"\(wrong)\" where \"\(right)\" belongs"
        }
        return found.steps.count < expected.steps.count
            ? "it lacks \"\(expected.steps[found.steps.count])\"" : "it has more steps than it should"
    }
}
