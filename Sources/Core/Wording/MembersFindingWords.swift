import ClusterModel

extension MembersFinding {
    func evidence(_ finding: Finding) -> String {
        switch self {
        case .strangers(let names):
            "\(finding.subject) lists \(Lists.and(names)) as \(Self.member(names)), and 0 entries of the cluster file do"
        case .lacking(let names):
            "\(finding.subject) lists \(Self.count(names)) fewer than there are: not \(Lists.and(names))"
        case .former(let names):
            "\(finding.subject) lists \(Lists.and(names)) as \(Self.member(names)), and 0 tables are there"
        }
    }

    var effect: String {
        switch self {
        case .strangers: "none that is known; a plan that claims what nobody owns must ask them, and cannot"
        case .lacking: "none now; a console whose file lacks those nodes is not warned by this one"
        case .former: "none now; those nodes answer nothing"
        }
    }

    private static func member(_ names: [String]) -> String { names.count == 1 ? "a member" : "members" }

    private static func count(_ names: [String]) -> String { names.count == 1 ? "1 member" : "\(names.count) members" }
}
