import ClusterModel

extension FoundTable {
    /// How the tables differ from those that belong to a configuration.
    func alterations(from table: BucketTable) -> [Alteration] {
        (isDormant ? [.tableDormant(.ip)] : []) + setAlterations(table)
            + elementAlterations(bucketCount: table.configuration.bucketCount) + stickyAlterations(table)
            + Self.chainAlterations(.ip, table.chains, found: chains, rules: rules) + arpAlterations(table)
    }

    /// Whether the arp table is there and as it should be.
    func arpIsRight(_ table: BucketTable) -> Bool { arpAlterations(table).isEmpty }

    private func arpAlterations(_ table: BucketTable) -> [Alteration] {
        guard !arpChains.isEmpty else { return [.tableMissing(.arp)] }
        guard !arpIsDormant else { return [.tableDormant(.arp)] }
        return Self.chainAlterations(.arp, [table.arpChain], found: arpChains, rules: arpRules)
    }

    private func setAlterations(_ table: BucketTable) -> [Alteration] {
        let expected = table.layout.countingSets + BucketTable.ownershipSets + table.layout.furtherSets
        let missing = expected.filter { sets[$0] == nil }.map(Alteration.setMissing)
        let retyped = expected.filter { name in
            sets[name].map { $0.keyLength != BucketTable.keyLength(of: name) } ?? false
        }
        .map(Alteration.setRetyped)
        let known = expected + table.layout.noteSets
        let foreign = sets.keys.filter { !known.contains($0) }.sorted().map(Alteration.setForeign)
        return missing + retyped + foreign
    }

    private func elementAlterations(bucketCount: Int) -> [Alteration] {
        var found: [Alteration] = []
        for set in BucketTable.ownershipSets {
            let strangers = elements[set, default: [:]].keys.filter { $0 < 1 || $0 > bucketCount }
            for element in strangers.sorted() {
                found.append(.elementForeign(set: set, element, bucketCount: bucketCount))
            }
        }
        let owned = BucketSet(elements["owned", default: [:]].keys)
        let draining = BucketSet(elements["draining", default: [:]].keys)
        let half = BucketSet(elements["adopted", default: [:]].keys).subtracting(owned)
        if !half.isEmpty { found.append(.adoptedUnowned(half)) }
        let both = draining.intersection(owned)
        if !both.isEmpty { found.append(.ownedDraining(both)) }
        return found
    }

    private func stickyAlterations(_ table: BucketTable) -> [Alteration] {
        guard let sticky = elements[BucketTable.sticky], table.layout.furtherSets.contains(BucketTable.sticky) else {
            return []
        }
        let kept = BucketSet(elements["owned", default: [:]].keys).union(
            BucketSet(elements["draining", default: [:]].keys))
        let lacking = kept.subtracting(BucketSet(sticky.keys))
        return lacking.isEmpty ? [] : [.bucketsMissing(set: BucketTable.sticky, lacking)]
    }

    private static func chainAlterations(
        _ table: Alteration.Table, _ expected: [Chain], found: [FoundChain], rules: [String: [RuleText]]
    ) -> [Alteration] {
        var all: [Alteration] = []
        for chain in expected {
            let place = Alteration.Chain(table, chain.name)
            guard let foundChain = found.first(where: { $0.name == chain.name }) else {
                all.append(.chainMissing(place))
                continue
            }
            if foundChain.hook != chain.hook { all.append(.chainMoved(place)) }
            if !foundChain.accepts { all.append(.chainDrops(place)) }
            all += ruleAlterations(place, chain.rules.map(\.text), rules[chain.name, default: []])
        }
        let names = Set(expected.map(\.name))
        return all + found.filter { !names.contains($0.name) }.map { .chainForeign(Alteration.Chain(table, $0.name)) }
    }

    private static func ruleAlterations(
        _ chain: Alteration.Chain, _ expected: [RuleText], _ found: [RuleText]
    ) -> [Alteration] {
        guard expected != found else { return [] }
        var all: [Alteration] = []
        var rest = found
        for rule in expected {
            let name = rule.comment ?? ""
            if let place = rest.firstIndex(of: rule) {
                rest.remove(at: place)
            } else if let place = rest.firstIndex(where: { $0.comment == rule.comment }) {
                all.append(.ruleAltered(chain, rule: name, difference(rule, rest.remove(at: place))))
            } else {
                all.append(.ruleMissing(chain, rule: name))
            }
        }
        all += rest.map { .ruleForeign(chain, rule: $0.comment ?? $0.steps.joined(separator: "; ")) }
        return all.isEmpty ? [.rulesReordered(chain)] : all
    }

    /// The first step in which two rules differ.
    private static func difference(_ expected: RuleText, _ found: RuleText) -> Alteration.Difference {
        let steps = zip(expected.steps, found.steps).enumerated().first { $0.element.0 != $0.element.1 }
        let index = steps?.offset ?? min(expected.steps.count, found.steps.count)
        return Alteration.Difference(
            expected: index < expected.steps.count ? expected.steps[index] : nil,
            found: index < found.steps.count ? found.steps[index] : nil)
    }
}
