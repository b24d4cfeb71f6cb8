import ClusterModel

extension TableFinding {
    func evidence(_ finding: Finding) -> String {
        let node = finding.subject
        switch self {
        case .altered(let alterations):
            let more = alterations.count > 1 ? " And \(alterations.count - 1) more such." : ""
            return "\(node): \(alterations.first?.sentence ?? "the tables are altered")\(more)"
        case .foreignChange(let process):
            return "\(process.text) changed the cluster's table on \(node), past clusterip"
        case .rulesChanged(let process): return "\(process.text) changed rules on \(node), past clusterip"
        case .notFinalized:
            return "\(node) adopted \(finding.buckets.named) and still resets connections it does not know"
        }
    }

    func effect(_ finding: Finding) -> String {
        switch self {
        case .altered where finding.severity < .critical: "none now: the guard has ARP say the cluster MAC"
        case .altered: "the node may answer packets that are not its own, or none"
        case .foreignChange: "none now: every bucket has exactly one owner, and the rules are as installed"
        case .rulesChanged: "none now: every bucket has exactly one owner"
        case .notFinalized:
            "clients of connections from before are told at once to connect again; new ones are accepted"
        }
    }
}

extension Alteration {
    /// One sentence that says what is altered.
    public var sentence: String {
        switch self {
        case .tableMissing(.arp): "The arp table is missing."
        case .tableDormant(.arp): "The arp table is dormant: it changes nothing."
        case .tableMissing(.ip): "The ip table is missing."
        case .tableDormant(.ip): "The ip table is dormant: it decides nothing."
        case .setMissing(let set): "The set \(set) is missing."
        case .setRetyped(let set): "The set \(set) does not hold bucket numbers."
        case .setForeign(let set): "The set \(set) is foreign."
        case .bucketsMissing(let set, let buckets):
            "The set \(set) lacks \(buckets): \(lack(of: set))."
        case .elementForeign(let set, let element, let count):
            "The set \(set) holds \(element), which is not a bucket; there are 1 to \(count)."
        case .adoptedUnowned(let buckets): "The set adopted holds \(buckets), which the set owned lacks."
        case .ownedDraining(let buckets): "The sets owned and draining both hold \(buckets)."
        case .chainMissing(let chain): "The \(chain.text) is missing."
        case .chainMoved(let chain): "The \(chain.text) is not at its hook and priority."
        case .chainDrops(let chain): "The policy of the \(chain.text) is drop; it must be accept."
        case .chainForeign(let chain): "The \(chain.text) is foreign."
        case .ruleMissing(let chain, let rule): "The rule \"\(rule)\" of the \(chain.text) is missing."
        case .ruleAltered(let chain, let rule, let difference):
            "The rule \"\(rule)\" of the \(chain.text) is altered: \(difference.text)."
        case .ruleForeign(let chain, let rule): "A foreign rule is in the \(chain.text): \(rule)."
        case .rulesReordered(let chain): "The rules of the \(chain.text) are out of order."
        case .rule(let defect): "\(defect.sentence.prefix(1).uppercased())\(defect.sentence.dropFirst())."
        case .unknown(let code): "The tables are altered in a way that only another version knows: \(code)."
        }
    }
}

extension Alteration.Chain {
    fileprivate var text: String { table == .ip ? "chain \(name)" : "\(table.rawValue) chain \(name)" }
}

extension Alteration.Difference {
    fileprivate var text: String {
        switch (expected, found) {
        case (let expected?, let found?): "it has \"\(found)\" where \"\(expected)\" belongs"
        case (let expected?, nil): "it lacks \"\(expected)\""
        case (nil, _): "it has more steps than it should"
        }
    }
}

/// What follows for the buckets that a set lacks.
private func lack(of set: String) -> String {
    switch set {
    case "arrived", "dropped": "packets of these buckets are not counted"
    case "sticky": "connections of these buckets stand still"
    default: "packets of these buckets are not accepted"
    }
}
