import ClusterModel

extension ContradictionFinding {
    func evidence(_ finding: Finding) -> String {
        let node = finding.subject
        switch self {
        case .itself(.counterBack(let bucket, let counter, let from, let to)):
            return "\(node) had counted \(from) packets \(counter.rawValue) in bucket \(bucket) and counts \(to) now, "
                + "though nobody changed its rules"
        case .itself(.clockBack(let seconds)):
            return "the monotonic clock of \(node) went back by \(Numbers.tenths(seconds)) s"
        case .itself(.clockAhead(let seconds)):
            return "the clock of \(node) went \(Numbers.tenths(seconds)) s further than time did"
        case .itself(.clockBehind(let seconds)):
            return "the clock of \(node) stayed \(Numbers.tenths(seconds)) s behind the time that passed"
        case .sameMachine(let other):
            return "\(node) and \(other) are one machine: their agents run in the same network namespace"
        case .otherName(let host): return "the host behind \(node) calls itself \(host), which is another node's name"
        case .unheardClaims(let peer, let rate, let seconds):
            return "\(node) owns \(finding.buckets.named), of which nothing reached it in "
                + "\(Numbers.tenths(seconds)) s, while \(Numbers.whole(rate)) packets a second reach \(peer)"
        }
    }

    var effect: String {
        switch self {
        case .itself(.counterBack): "none; what was counted before is forgotten"
        case .itself: "none; rates of this node are not to be believed"
        case .sameMachine: "one node is counted twice, and the other is not seen: what it answers is unknown"
        case .otherName: "none; plans for the one node may change the other"
        case .unheardClaims: "clients in these buckets get no answer"
        }
    }

    var tag: String {
        switch self {
        case .itself(.counterBack): "recounts"
        case .itself: "clock wrong"
        case .sameMachine: "seen twice"
        case .otherName: "other name"
        case .unheardClaims: "unheard"
        }
    }
}
