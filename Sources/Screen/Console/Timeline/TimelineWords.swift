import Canvas
import ClusterModel
import Planning
import Wording

extension TimelineEvent {
    /// What happened, one sentence.
    var sentence: String {
        switch kind {
        case .began(let owned, let total): "this console began to watch: \(owned) of \(total) buckets have an owner"
        case .foundProblem(let finding): finding.evidence
        case .problemEnded(let finding, let seconds):
            "over \(seconds < 1 ? "at once" : "after \(Units.age(seconds))"): \(finding.evidence)"
        case .link(let node, let from, let to, let why): Self.link(node, from, to, why)
        case .ruleset(let node, let process, let count): Self.ruleset(node, process, count)
        case .ownership(let buckets, let from, let to):
            "\(buckets.named(40)) \(buckets.count == 1 ? "is" : "are") \(to)'s now\(from.map { ", before \($0)'s" } ?? "")"
        case .kept(let record): record.what
        case .resized(let from, let to): "the cluster has \(to) buckets now, before \(from)"
        case .operation(let entry):
            "\(entry.title): \(entry.outcome.word), by \(entry.who.text)\(entry.reason.map { ", \"\($0)\"" } ?? "")"
        }
    }

    private static func link(_ node: String, _ from: NodeState, _ to: NodeState, _ why: LinkFailure?) -> String {
        switch to {
        case .live: from == .unreachable ? "\(node) is heard again" : "\(node) is heard"
        case .unreachable: "\(node) is not heard any more" + (why.map { ": \($0.sentence)" } ?? "")
        case .connecting, .stale: "\(node) is being connected to again"
        }
    }

    private static func ruleset(_ node: String, _ process: ProgramIdentity.Process, _ count: Int) -> String {
        let name = process.name.isEmpty ? "another program" : process.name
        let user = process.user.map { " of \($0)" } ?? ""
        return "\(name)\(user) changed the ruleset of \(node)" + (count > 1 ? ", \(count) times" : "")
    }

    /// How its sentence is coloured; what an earlier console saw is old, and nobody knows whether it lasted.
    func textScope(_ glyphs: GlyphSet) -> Scope {
        if case .kept = kind { return .textDim }
        return severity == nil ? .text : sign(glyphs).scope
    }

    /// The sign before it and how it is coloured.
    func sign(_ glyphs: GlyphSet) -> (glyph: Unicode.Scalar, scope: Scope) {
        switch kind {
        case .began: return (glyphs.marker, .textDim)
        case .foundProblem(let finding): return (glyphs.sign(finding.severity), finding.severity.scope)
        case .problemEnded: return (glyphs.check, .statusOk)
        case .link(_, _, let state, _): return (glyphs.sign(state), state.scope)
        case .ruleset: return (glyphs.unknown, .statusUnknown)
        case .ownership: return (glyphs.right, .title)
        case .resized: return (glyphs.times, .title)
        case .kept(let record):
            let (glyph, scope) = severity.map { (glyphs.sign($0), $0.scope) } ?? (glyphs.marker, .textDim)
            return record.kind == "move" ? (glyphs.right, .title) : (glyph, scope)
        case .operation(let entry): return glyphs.sign(entry.outcome)
        }
    }
}
