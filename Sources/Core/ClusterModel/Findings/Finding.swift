/// Something wrong or odd in a cluster, as facts; the module `Wording` says it in sentences.
public struct Finding: Hashable, Sendable {
    /// How bad it is for clients.
    public enum Severity: String, Sendable, Codable, Comparable, CaseIterable {
        /// Odd, and harmless now.
        case notice
        /// Clients may suffer.
        case warning
        /// Clients suffer.
        case critical

        /// Orders by how bad it is.
        public static func < (left: Self, right: Self) -> Bool {
            allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
        }
    }

    /// What was found; each kind lies with the code that looks for it.
    public enum Kind: Hashable, Sendable {
        /// Buckets without exactly one owner.
        case coverage(CoverageFinding)
        /// A node that says nothing of the cluster address.
        case silence(SilenceFinding)
        /// A setting in which a node differs from most.
        case settings(SettingsFinding)
        /// A list of members that is not the cluster's.
        case members(MembersFinding)
        /// An interface that does not hear or speak for the address.
        case interface(InterfaceFinding)
        /// A table that another program changed, or that holds adopted buckets.
        case table(TableFinding)
        /// Something wrong with rules that another program wrote.
        case rule(RuleDefect)
        /// Packets that do not come or are not accepted.
        case traffic(TrafficFinding)
        /// What a node will do wrong when it loses its table or boots.
        case boot(BootFinding)
        /// Clients that are let in and not served.
        case service(ServiceFinding)
        /// What a node says that cannot be.
        case contradiction(ContradictionFinding)
    }

    /// Another program that changed a node's table.
    public struct Change: Hashable, Sendable {
        /// The node.
        public var node: String
        /// The program.
        public var process: ProgramIdentity.Process

        /// A change from its parts.
        public init(node: String, process: ProgramIdentity.Process) {
            self.node = node
            self.process = process
        }
    }

    /// What was found.
    public var kind: Kind
    /// The node it is about; nil when it is about the cluster.
    public var node: String?
    /// The buckets it is about.
    public var buckets: BucketSet
    /// Who may have caused it.
    public var changes: [Change]
    /// What ends it.
    public var remedy: Remedy

    /// A finding from its parts.
    public init(
        _ kind: Kind, node: String? = nil, buckets: BucketSet = [], changes: [Change] = [], remedy: Remedy
    ) {
        self.kind = kind
        self.node = node
        self.buckets = buckets
        self.changes = changes
        self.remedy = remedy
    }

    /// A stable name for programs, such as "orphan" or "seed_mismatch".
    public var code: String {
        switch kind {
        case .coverage(let finding): finding.code
        case .silence(let finding): finding.code
        case .settings(let finding): finding.code
        case .members(let finding): finding.code
        case .interface(let finding): finding.code
        case .table(let finding): finding.code
        case .rule(let defect): defect.code
        case .traffic(let finding): finding.code
        case .boot(let finding): finding.code
        case .service(let finding): finding.code
        case .contradiction(let finding): finding.code
        }
    }

    /// How bad it is; what is wrong with a node that has no buckets hurts no client, unless it hurts other nodes'.
    public var severity: Severity {
        switch kind {
        case .coverage(let finding): finding.severity
        case .silence(let finding): finding.severity
        case .settings: .critical
        case .members(let finding): finding.severity
        case .interface(let finding): finding.severity(isIdle: buckets.isEmpty)
        case .table(let finding): finding.severity
        case .rule(let defect): defect.severity
        case .traffic(let finding): finding.severity(isIdle: buckets.isEmpty)
        case .boot(let finding): finding.severity
        case .service(let finding): finding.severity
        case .contradiction(let finding): finding.severity
        }
    }
}

extension ClusterSnapshot {
    /// Everything that is wrong or odd in the snapshot, worst first.
    public func worstFindings() -> [Finding] {
        var possible: [Remedy: Remedy] = [:]
        return
            (coverageFindings + nodes.flatMap(findings) + deafFindings + muteFindings
            + contradictionFindings).enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map { next in
                var finding = next.element
                finding.remedy = possible[finding.remedy] ?? self.possible(finding.remedy)
                possible[next.element.remedy] = finding.remedy
                return finding
            }
    }

    private func findings(of node: NodeStatus) -> [Finding] {
        guard let sample = node.sample, node.state != .unreachable else { return silenceFindings(of: node) }
        return lateFindings(of: node) + settingsFindings(node, sample.configuration) + interfaceFindings(node, sample)
            + membersFindings(node, sample) + tableFindings(node, sample) + conntrackFindings(node)
            + ruleFindings(node, sample) + adoptionFindings(node, sample) + serviceFindings(node, sample)
            + bootFindings(node, sample)
    }

    /// Who changed these nodes' tables past clusterip.
    func changes(of nodes: [NodeStatus]) -> [Finding.Change] {
        nodes.compactMap { node in node.foreignChange.map { Finding.Change(node: node.name, process: $0) } }
    }
}
