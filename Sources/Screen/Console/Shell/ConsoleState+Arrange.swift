import ClusterModel

extension ConsoleState {
    /// Puts a new snapshot on the screen and works out everything that is drawn from it.
    mutating func show(_ snapshot: ClusterSnapshot) {
        facts = ClusterFacts(snapshot)
        self.snapshot = snapshot
        clusterName = snapshot.configuration.name
        keepTrends()
        keepFindingTimes(snapshot.findings)
        arrangeNodes()
        arrangeBuckets()
        findingCursor.row = min(findingCursor.row, max(snapshot.findings.count - 1, 0))
    }

    /// Adds the newest rates to the nodes' histories, and forgets nodes that are gone.
    private mutating func keepTrends() {
        var trends: [String: RateHistory] = [:]
        for (index, node) in shownNodes.enumerated() {
            var history = self.trends[node.name] ?? RateHistory()
            history.append(nodeFacts(index).rates.accepted.packetsPerSecond)
            trends[node.name] = history
        }
        self.trends = trends
    }

    /// Keeps since when findings are there, and forgets those that are gone.
    private mutating func keepFindingTimes(_ findings: [Finding]) {
        var times: [FindingKey: Double] = [:]
        for key in findings.map(FindingKey.init) { times[key] = findingTimes[key] ?? now }
        findingTimes = times
    }

    /// For how many seconds a finding was there.
    func age(of finding: Finding) -> Double { findingTimes[FindingKey(finding)].map { max(now - $0, 0) } ?? 0 }

    /// Works out which nodes stand in which row.
    mutating func arrangeNodes() {
        let shown = shownNodes
        var rows = shown.indices.filter { matches(shown[$0]) }
        if let before = ordering(shown) {
            // Equal nodes keep the cluster file's order, also when turned round, so that rows never swap by chance.
            rows.sort { before($0, $1) || (!before($1, $0) && $0 < $1) }
        }
        if nodes.isReversed { rows.reverse() }
        nodes.rows = rows
        let selected = nodes.selected
        if let row = rows.firstIndex(where: { shown[$0].name == selected }) {
            nodes.cursor.row = row
        } else {
            selectNode(row: nodes.cursor.row)
        }
    }

    /// Selects the node in a row, or the nearest.
    mutating func selectNode(row: Int) {
        nodes.cursor.row = min(max(row, 0), max(nodes.rows.count - 1, 0))
        nodes.selected = selectedNodeIndex.map { shownNodes[$0].name }
    }

    /// Index of the selected node; nil when none is shown.
    var selectedNodeIndex: Int? {
        guard nodes.rows.indices.contains(nodes.cursor.row) else { return nil }
        let index = nodes.rows[nodes.cursor.row]
        return shownNodes.indices.contains(index) ? index : nil
    }

    /// The selected node.
    var selectedNode: NodeStatus? { selectedNodeIndex.map { shownNodes[$0] } }

    private func matches(_ node: NodeStatus) -> Bool {
        nodes.filter.split(separator: " ").allSatisfy { word in
            let inverted = word.first == "!"
            let wanted = (inverted ? word.dropFirst() : word).lowercased()
            let texts = [node.name.lowercased(), node.state.rawValue, node.sample?.driver ?? ""]
            return wanted.isEmpty || texts.contains { Self.contains($0, wanted) } != inverted
        }
    }

    private static func contains(_ text: String, _ part: String) -> Bool {
        let (text, part) = (Array(text.utf8), Array(part.utf8))
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }

    private func ordering(_ shown: [NodeStatus]) -> ((Int, Int) -> Bool)? {
        let facts = self.facts.nodes
        let hasFacts = facts.count == shown.count
        switch nodes.sort {
        case .order: return nil
        case .name: return { shown[$0].name < shown[$1].name }
        case .state: return { Self.badness(shown[$0].state) > Self.badness(shown[$1].state) }
        case .buckets: return hasFacts ? { facts[$0].acceptingCount > facts[$1].acceptingCount } : nil
        case .pps:
            return hasFacts
                ? { facts[$0].rates.accepted.packetsPerSecond > facts[$1].rates.accepted.packetsPerSecond } : nil
        case .connections: return { (shown[$0].sample?.connections ?? -1) > (shown[$1].sample?.connections ?? -1) }
        case .age: return { (shown[$0].age ?? .infinity) > (shown[$1].age ?? .infinity) }
        }
    }

    private static func badness(_ state: NodeState) -> Int {
        switch state {
        case .live: 0
        case .connecting: 1
        case .stale: 2
        case .unreachable: 3
        }
    }

    /// Works out which buckets the filter lets through.
    mutating func arrangeBuckets() {
        buckets.filterError = nil
        buckets.shown = nil
        let total = totalBuckets
        if let snapshot, !buckets.filter.isEmpty {
            do {
                let filter = try BucketFilter(buckets.filter, nodes: snapshot.nodes, total: total)
                let (facts, marks) = (facts, marks)
                buckets.shown = (0..<total).map { $0 + 1 }.filter {
                    filter.matches($0, snapshot: snapshot, facts: facts, marks: marks)
                }
            } catch {
                buckets.filterError = error.text
            }
        }
        let place = buckets.place(of: buckets.selected, of: total)
        buckets.selected = buckets.bucket(at: place, of: total) ?? buckets.selected
    }
}
