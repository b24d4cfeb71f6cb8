import ClusterModel
import Responsibility

/// One fact of a node, from which `clusterip status`, its JSON and the console's Nodes screen are made.
///
/// A fact is added here, once; it then stands in the pane and in JSON, and with a heading in the tables, too.
public struct NodeFact: Sendable {
    /// Facts that stand together: on one line when all are well, on a line each when one is not.
    public enum Group: String, CaseIterable, Sendable {
        /// The interface that carries the cluster address.
        case interface
        /// What makes the node hear and speak for the address.
        case multicast
        /// What the node shares with the others.
        case settings
        /// The driver and the agent, as far as they cannot do everything.
        case driver
        /// The tables in the node's kernel.
        case rules
        /// Who is a member, and who changed what, as the node's kernel notes it.
        case notes
        /// The node's connection tracking.
        case conntrack
        /// What its host sends back.
        case service
    }

    /// What a fact is on one node.
    public struct Reading: Sendable {
        /// In a few words.
        public var text: String
        /// Whether it is as it should be.
        public var isGood: Bool
        /// For programs: values by dotted path, such as "mac.joined".
        public var json: [String: any Encodable & Sendable]

        init(_ text: String, isGood: Bool = true, json: [String: any Encodable & Sendable] = [:]) {
            self.text = text
            self.isGood = isGood
            self.json = json
        }
    }

    /// What the fact is called, such as "own MAC".
    public var title: String
    /// Which facts it stands with; nil: only in tables and in JSON.
    public var group: Group?
    /// The heading of its column in tables; nil: it has none.
    public var heading: String?
    /// What it is on a node of a cluster; nothing as long as it is not known, or not worth a word.
    public var read: @Sendable (NodeStatus, ClusterConfiguration) -> [Reading]

    /// All facts, in the order in which they are shown.
    public static let all: [NodeFact] = [
        NodeFact("driver", heading: "DRIVER") { node, _ in
            [node.sample.map { Reading($0.driver, json: ["driver": $0.driver, "capabilities": $0.capabilities]) }]
        },
        NodeFact("driver", .driver) { node, _ in [node.sample.flatMap(driver)] + node.driverFailures.map(failure) },
        NodeFact("placement", .driver) { node, _ in [node.sample.flatMap(placement)] },
        NodeFact("kernel") { node, _ in [node.host?.kernel.map { Reading($0, json: ["kernel": $0]) }] },
        NodeFact("version") { node, _ in
            [node.host?.agentVersion.map { Reading($0, json: ["agent_version": $0]) }]
        },
        NodeFact("agent", .driver) { node, _ in
            [
                Reading("read-only: it refuses every change", json: ["read_only": true])
            ].filter { _ in node.isReadOnly }
        },
        NodeFact("ruleset generation") { node, _ in
            [node.generation.map { Reading("\($0)", json: ["generation": $0]) }]
        },
        NodeFact("connections") { node, _ in
            [node.sample?.connections.map { Reading("\($0)", json: ["connections": $0]) }]
        },
        NodeFact("interface", .interface) { node, _ in [node.sample.map(interface)] },
        NodeFact("own MAC", .interface) { node, _ in
            [node.sample?.health.interfaceMAC.map { Reading("\($0)", json: ["mac.interface_mac": $0]) }]
        },
        NodeFact("cluster MAC", .multicast) { node, _ in [node.sample.map(clusterMAC)] },
        NodeFact("ARP", .multicast) { node, _ in [node.sample.map(arp)] },
        NodeFact("address", .multicast) { node, _ in [node.sample.map(address)] },
        NodeFact("settings", .settings) { node, cluster in
            [node.sample.flatMap { settings($0.configuration, cluster) }]
        },
        NodeFact("rules", .rules) { node, _ in node.sample.map(rules) ?? [] },
        NodeFact("guard", .rules) { node, _ in [node.sample?.health.guardState.map(guardState)] },
        NodeFact("at boot") { node, _ in
            [node.isBootMember.map { Reading($0 ? "a member" : "no member", json: ["boot.member": $0]) }]
        },
        NodeFact("last plan", .notes) { node, _ in [node.sample.flatMap { lastPlan($0.notes) }] },
        NodeFact("members") { node, _ in
            [node.sample?.notes.members.map { Reading("\($0.count)", json: ["members": $0]) }]
        },
        NodeFact("conntrack", .conntrack) { node, _ in [node.facts.conntrack.map(conntrack)] },
        NodeFact("service", .service, heading: "SERVICE") { node, _ in [node.service.map(service)] },
    ]

    private init(
        _ title: String, _ group: Group? = nil, heading: String? = nil,
        read: @escaping @Sendable (NodeStatus, ClusterConfiguration) -> [Reading?]
    ) {
        self.title = title
        self.group = group
        self.heading = heading
        self.read = { read($0, $1).compactMap(\.self) }
    }
}

// MARK: Readings

extension NodeFact {
    /// What the driver cannot do; nothing when it can do all.
    private static func driver(_ sample: ClusterSample) -> Reading? {
        let lacks = sample.capabilities.lacks
        guard !lacks.isEmpty else { return nil }
        if sample.capabilities.abilities.isSubset(of: [.migrating]) {
            let uncounted = [Counter.arrived, .accepted].filter { !sample.capabilities.counters.contains($0) }
            let words =
                "\(sample.driver) is only read"
                + (uncounted.isEmpty
                    ? ""
                    : "; \(Lists.and(uncounted.map(\.rawValue))) \(uncounted.count == 1 ? "is" : "are") not counted")
            return Reading(words, json: ["lacks": lacks.map(\.word)])
        }
        return Reading("\(sample.driver) lacks \(Lists.and(lacks.map(\.word)))", json: ["lacks": lacks.map(\.word)])
    }

    /// What proves by which arithmetic the kernel places flows; nothing where nothing does.
    private static func placement(_ sample: ClusterSample) -> Reading? {
        guard let proof = sample.proof, case .clusterIP(let placement) = sample.configuration.scheme else { return nil }
        let others = proof.marks - proof.agreeing
        let doubt = others == 0 ? "" : "; \(others) \(others == 1 ? "does" : "do") not agree"
        return Reading(
            "by jhash of \(placement.generation.kernels), as the marks of \(proof.agreeing) connections prove\(doubt)",
            json: ["proof.marks": proof.marks, "proof.agreeing": proof.agreeing])
    }

    private static func failure(_ failure: DriverFailure) -> Reading {
        Reading("\(failure.driver) failed: \(failure.message)", isGood: false)
    }

    private static func interface(_ sample: ClusterSample) -> Reading {
        let (health, name) = (sample.health, sample.configuration.interface)
        let state = !health.interfacePresent ? "does not exist" : health.interfaceUp ? "up" : "down"
        return Reading(
            "\(name) \(state)", isGood: health.interfacePresent && health.interfaceUp,
            json: ["mac.interface_present": health.interfacePresent, "mac.interface_up": health.interfaceUp])
    }

    private static func clusterMAC(_ sample: ClusterSample) -> Reading {
        let isJoined = sample.health.macJoined
        guard sample.configuration.mac != .unknown else {
            return Reading(
                "unknown: no ARP rule writes it, and no program joined one", isGood: false, json: ["mac.joined": false])
        }
        return Reading(
            isJoined ? "joined" : "not joined: no frame for the cluster address is heard", isGood: isJoined,
            json: ["mac.address": sample.configuration.mac, "mac.joined": isJoined])
    }

    private static func arp(_ sample: ClusterSample) -> Reading {
        let isRewritten = sample.health.arpRewritten
        return Reading(
            isRewritten ? "rewritten" : "not rewritten: its packets carry the node's own MAC", isGood: isRewritten,
            json: ["arp.rewritten": isRewritten])
    }

    private static func address(_ sample: ClusterSample) -> Reading {
        let (isPresent, settings) = (sample.health.addressPresent, sample.configuration)
        return Reading(
            isPresent ? "\(settings.address)/\(settings.prefixLength)" : "not set", isGood: isPresent,
            json: ["mac.cluster_address_present": isPresent])
    }

    /// Nothing when the node's settings are the cluster's.
    private static func settings(_ own: ClusterConfiguration, _ cluster: ClusterConfiguration) -> Reading? {
        let placesAlike = own.scheme.placesAlike(cluster.scheme, family: cluster.address.family)
        guard !placesAlike || own.mac.isOther(than: cluster.mac) else { return nil }
        let text = "\(own.scheme.name), N \(own.bucketCount), seed \(own.scheme.seedText), \(own.mac.text)"
        return Reading("\(text): not the cluster's", isGood: false)
    }

    private static func rules(_ sample: ClusterSample) -> [Reading] {
        var readings = sample.alterations.map { Reading($0.sentence, isGood: false) }
        let isOurs = sample.capabilities.can(.membership)
        if readings.isEmpty { readings = [Reading("\(isOurs ? "as installed" : "in order"), \(sample.driver)")] }
        readings[0].json = ["alterations": sample.alterations]
        return readings
    }

    private static func guardState(_ state: GuardState) -> Reading {
        Reading(
            state == .missing ? "missing: without its table the node answers everybody" : state.rawValue,
            isGood: state != .missing, json: ["guard": state])
    }

    private static func lastPlan(_ notes: ClusterNotes) -> Reading? {
        guard let newest = notes.newest, !newest.operation.isEmpty else { return nil }
        return Reading(newest.words, json: ["operations": notes.operations])
    }

    private static func service(_ record: ServiceRecord) -> Reading {
        let (word, isGood) = record.state.word
        let (replied, accepted) = (Numbers.whole(record.replied), Numbers.whole(record.accepted))
        return Reading(
            word + detail(record), isGood: isGood,
            json: [
                "service.state": word, "service.accepted": accepted, "service.replied": replied,
                "service.seconds": record.seconds,
            ])
    }

    /// What a word for replies goes on with; not every packet wants a reply, so that no share is named.
    private static func detail(_ record: ServiceRecord) -> String {
        switch record.state {
        case .replying where record.seconds > 0:
            ", \(Numbers.whole((record.replied / record.seconds).rounded())) packets a second sent back"
        case .silent(let silence):
            " to \(Numbers.whole(silence.accepted)) packets in \(Numbers.tenths(silence.seconds)) s"
        case .unknown, .idle, .replying, .oneWay, .waiting: ""
        }
    }

    private static func conntrack(_ table: ConntrackTable) -> Reading {
        Reading(
            "\(table.count) connections of \(table.limit)", isGood: table.percent < 90,
            json: ["conntrack.count": table.count, "conntrack.limit": table.limit])
    }
}

// MARK: In panes and tables

extension NodeFact {
    /// A line of the pane beside the node table: a label, a text, and whether it is as it should be.
    public struct Line: Hashable, Sendable {
        /// What stands before it.
        public var label: String
        /// What is said.
        public var text: String
        /// Whether it is as it should be.
        public var isGood: Bool
    }

    /// All that is known of a node, a group a line; a group in which something is wrong has a line for each fact.
    public static func lines(_ node: NodeStatus, in cluster: ClusterConfiguration) -> [Line] {
        Group.allCases.flatMap { group in
            let facts = all.filter { $0.group == group }.flatMap { fact in
                fact.read(node, cluster).map { Line(label: fact.title, text: $0.text, isGood: $0.isGood) }
            }
            guard facts.count > 1, facts.allSatisfy(\.isGood) else { return facts }
            let texts = facts.map { $0.label == group.rawValue ? $0.text : "\($0.label) \($0.text)" }
            return [Line(label: group.rawValue, text: texts.joined(separator: ", "), isGood: true)]
        }
    }

    /// What the fact is on a node, in a cell of a table; a dash when it is not known.
    public func cell(_ node: NodeStatus, in cluster: ClusterConfiguration) -> String {
        read(node, cluster).first?.text ?? "-"
    }
}

extension ReplyState {
    /// In a word or two, and whether it is as it should be.
    public var word: (text: String, isGood: Bool) {
        switch self {
        case .unknown: ("not known", true)
        case .idle: ("idle", true)
        case .replying: ("replying", true)
        case .oneWay: ("one-way", true)
        case .waiting: ("no reply yet", true)
        case .silent: ("no replies", false)
        }
    }
}
