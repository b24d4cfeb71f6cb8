import ClusterModel
import Responsibility

/// Which node answers which bucket.
struct OwnerMap: Equatable {
    /// The nodes in their order.
    private(set) var nodes: [String] = []
    private var owners: [Int: Int] = [:]

    /// The owners of a live cluster.
    init(_ snapshot: ClusterSnapshot) {
        nodes = snapshot.nodes.map(\.name)
        for bucket in 1...max(1, snapshot.configuration.bucketCount) {
            owners[bucket] = snapshot.coverage.owner(of: bucket)
        }
    }

    /// Reads `node1=1-5,7,node2=6-16`.
    ///
    /// - Throws: `CommandError` that names the part that is wrong.
    init(parsing text: String, scheme: HashScheme) throws(CommandError) {
        let last = scheme.firstBucket + Int(scheme.bucketCount) - 1
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if sides.count == 2 {
                let name = String(sides[0]).madeSafe(limit: 64)
                guard !name.isEmpty else { throw Self.wrong(part) }
                if !nodes.contains(name) { nodes.append(name) }
                try add(sides[1], to: nodes.firstIndex(of: name) ?? 0, last)
            } else {
                guard !nodes.isEmpty else { throw Self.wrong(part) }
                try add(part, to: nodes.count - 1, last)
            }
        }
    }

    /// The owners after `resize`: of another number of buckets by the same hash, where each divides into several or
    /// several unite; nil when the two numbers, or anything else, do not fit, or buckets of several owners would unite.
    func resized(from old: HashScheme, to new: HashScheme) -> OwnerMap? {
        guard let (before, after) = Self.counts(old, new) else { return nil }
        var map = self
        map.owners = [:]
        for index in 0..<after {
            let parts =
                after >= before
                ? [index / (after / before)] : Array(index * (before / after)..<(index + 1) * (before / after))
            let owners = Set(parts.map { self.owners[$0 + old.firstBucket] })
            guard owners.count == 1 else { return nil }
            if let owner = owners.first ?? nil { map.owners[index + new.firstBucket] = owner }
        }
        return map
    }

    /// Both numbers of buckets, if one is a multiple of the other and the hash is the same.
    private static func counts(_ old: HashScheme, _ new: HashScheme) -> (Int, Int)? {
        let (before, after) = (Int(old.bucketCount), Int(new.bucketCount))
        guard max(before, after) % min(before, after) == 0 else { return nil }
        switch (old, new) {
        case (.clusterIP(var left), .clusterIP(let right)):
            left.bucketCount = right.bucketCount
            return left == right ? (before, after) : nil
        case (.clusterMatch(var left), .clusterMatch(let right)):
            left.bucketCount = right.bucketCount
            return left == right ? (before, after) : nil
        case (.nft(let left), .nft(let right)):
            let isSame = (left.parts, left.seed, left.byteOrder) == (right.parts, right.seed, right.byteOrder)
            return isSame ? (before, after) : nil
        default: return nil
        }
    }

    /// The node that answers a bucket; nil for none.
    func index(ofOwner bucket: Int) -> Int? { owners[bucket] }

    /// The name of the node that answers a bucket; nil for none.
    func name(ofOwner bucket: Int) -> String? { owners[bucket].map { nodes[$0] } }

    private mutating func add(_ run: Substring, to node: Int, _ last: Int) throws(CommandError) {
        let ends = run.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { UInt16($0) }
        guard let first = ends[0], let end = ends[ends.count - 1], first <= end else { throw Self.wrong(run) }
        guard Int(end) <= last else {
            throw CommandError("bucket \(end) is given to \(nodes[node]), and the last bucket is \(last)")
        }
        for bucket in Int(first)...Int(end) {
            if let other = owners[bucket], other != node {
                throw CommandError("bucket \(bucket) is given to \(nodes[other]) and to \(nodes[node])")
            }
            owners[bucket] = node
        }
    }

    private static func wrong(_ part: Substring) -> CommandError {
        CommandError("\"\(String(part).madeSafe(limit: 60))\" is not an ownership: write node1=1-5,7,node2=8-16")
    }
}
