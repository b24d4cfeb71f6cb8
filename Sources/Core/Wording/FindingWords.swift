import ClusterModel

/// A finding in sentences, as the command line prints it; the keys are stable, the sentences are for people.
public struct WordedFinding: Hashable, Sendable, Codable {
    /// A stable name for programs, such as "orphan" or "seed_mismatch".
    public var code: String
    /// How bad it is.
    public var severity: Finding.Severity
    /// The node it is about; nil when it is about the cluster.
    public var node: String?
    /// The buckets it is about.
    public var buckets: BucketSet
    /// What was seen, with the values.
    public var evidence: String
    /// What clients notice.
    public var effect: String
    /// What ends it, a sentence or a command line.
    public var remedy: String

    /// A finding's sentences.
    public init(_ finding: Finding) {
        code = finding.code
        severity = finding.severity
        node = finding.node
        buckets = finding.buckets
        evidence = finding.evidence
        effect = finding.effect
        remedy = finding.remedy.sentence
    }
}

extension Finding {
    /// What was seen, with the values, and who may have caused it.
    public var evidence: String {
        let seen =
            switch kind {
            case .coverage(let finding): finding.evidence(self)
            case .silence(let finding): finding.evidence(self)
            case .settings(let finding): finding.evidence(self)
            case .members(let finding): finding.evidence(self)
            case .interface(let finding): finding.evidence(self)
            case .table(let finding): finding.evidence(self)
            case .rule(let defect): "\(subject): \(defect.sentence)"
            case .traffic(let finding): finding.evidence(self)
            case .boot(let finding): finding.evidence(self)
            case .service(let finding): finding.evidence(self)
            case .contradiction(let finding): finding.evidence(self)
            }
        let changers = changes.map { "\($0.process.text) on \($0.node)" }.joined(separator: ", ")
        return seen + (changers.isEmpty ? "" : "; changed by \(changers)")
    }

    /// What clients notice.
    public var effect: String {
        switch kind {
        case .coverage(let finding): finding.effect(self)
        case .silence(let finding): finding.effect
        case .settings(let finding): finding.effect
        case .members(let finding): finding.effect
        case .interface(let finding): finding.effect(self)
        case .table(let finding): finding.effect(self)
        case .rule(let defect): defect.effect
        case .traffic(let finding): finding.effect(self)
        case .boot(let finding): finding.effect
        case .service(let finding): finding.effect(self)
        case .contradiction(let finding): finding.effect
        }
    }

    /// The finding in at most eleven letters, where there is no room for more: "link down".
    public var tag: String {
        switch kind {
        case .coverage(.orphan(let unheard, _, _)): unheard.isEmpty ? "unassigned" : "unheard"
        case .coverage(.conflict): "two owners"
        case .coverage(.oneNode): "one node"
        case .silence(.unserved), .silence(.unreachable): "unreachable"
        case .silence(.stale): "stale"
        case .silence(.tableFlushed): "no table"
        case .silence(.rulesMissing): "no rules"
        case .silence(.notAMember), .silence(.noPart): "no member"
        case .settings: "differs"
        case .members: "members"
        case .interface(let finding): finding.tag
        case .table(.altered): "altered"
        case .rule(let defect): defect.tag
        case .table(.foreignChange), .table(.rulesChanged): "changed"
        case .table(.notFinalized): "not settled"
        case .traffic(.notReceiving): "hears none"
        case .traffic(.notAccepting): "drops all"
        case .traffic(.conntrackFull): "conntrack"
        case .boot(let finding): finding.tag
        case .service(let finding): finding.tag
        case .contradiction(let finding): finding.tag
        }
    }

    /// The node that the finding is about, as the subject of a sentence.
    var subject: String { node ?? "the cluster" }

    /// The effect of a node that does not do its part.
    var unanswered: String {
        buckets.isEmpty ? "none now, since it owns no bucket" : "clients in this node's buckets get no answer"
    }
}

extension ProgramIdentity.Process {
    /// "nft (process 4711, user ops)"; "unknown user" of a process that had ended before it could be looked at.
    public var text: String {
        name.isEmpty ? "an unnamed process" : "\(name) (process \(pid), \(user.map { "user \($0)" } ?? "unknown user"))"
    }
}

extension UnjudgedReception {
    /// One sentence that says why.
    public var sentence: String {
        "not judged: whether every node receives the packets; no more than \(Numbers.whole(packets)) reached any in "
            + "\(Numbers.tenths(seconds)) s"
    }
}
