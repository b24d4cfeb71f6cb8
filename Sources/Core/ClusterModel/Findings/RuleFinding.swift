extension ClusterSnapshot {
    /// What is wrong with rules that another program wrote, a finding for each.
    func ruleFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        sample.alterations.compactMap { alteration -> Finding? in
            guard case .rule(let defect) = alteration else { return nil }
            let buckets = defect.buckets.isEmpty ? sample.ownership.accepting : defect.buckets
            return Finding(
                .rule(defect), node: node.name, buckets: buckets,
                changes: defect.severity == .critical ? changes(of: [node]) : [],
                remedy: defect.isOfSaving
                    ? .keepCommands(node: node.name)
                    : .rewriteRules(node: node.name, driver: sample.driver, configuration.address))
        }
    }
}

extension RuleDefect {
    fileprivate var isOfSaving: Bool {
        if case .unsavable = self { return true }
        return false
    }
}
