import ArgumentParser
import FlowReading
import Responsibility

/// How many distinct flows would move, from where to where.
struct Comparison: Encodable {
    /// Flows that go from one place to another.
    struct Move: Encodable {
        var from: String
        var to: String
        var flows: UInt64
    }

    /// The other arithmetic.
    var scheme: String
    /// "nodes" when both owners are known, else "buckets".
    var places: String
    /// Distinct flows that were compared.
    var flows: UInt64
    /// Flows that would be at another place.
    var moved: UInt64
    /// Flows whose bucket would be another.
    var movedBuckets: UInt64
    /// The moves, those of most flows first.
    var moves: [Move]

    private struct Pair: Hashable {
        var from: Int
        var to: Int
    }

    /// The comparison of a summary's flows.
    init(_ summary: FlowSummary, _ owners: OwnerMap?, _ other: ComparisonBasis) {
        let maps = owners.flatMap { mine in other.owners.map { (mine, $0) } }
        var pairs: [Pair: UInt64] = [:]
        var (flows, buckets): (UInt64, UInt64) = (0, 0)
        let scale = summary.distinct.scale
        summary.distinct.forEach { sample in
            let (from, to) = (Int(sample.bucket), Int(sample.other))
            flows += scale
            if from != to { buckets += scale }
            let pair =
                maps.map { Pair(from: $0.index(ofOwner: from) ?? -1, to: $1.index(ofOwner: to) ?? -1) }
                ?? Pair(from: from, to: to)
            pairs[pair, default: 0] += scale
        }
        func name(_ place: Int, _ map: OwnerMap?) -> String {
            map.map { place < 0 ? "no node" : $0.nodes[place] } ?? "bucket \(place)"
        }
        let named = pairs.map {
            Move(from: name($0.key.from, maps?.0), to: name($0.key.to, maps?.1), flows: $0.value)
        }
        moves = named.filter { $0.from != $0.to }
            .sorted { ($1.flows, $0.from, $0.to) < ($0.flows, $1.from, $1.to) }
        scheme = other.scheme.text
        places = maps == nil ? "buckets" : "nodes"
        (self.flows, movedBuckets) = (flows, buckets)
        moved = moves.reduce(0) { $0 + $1.flows }
    }
}

/// What flows are compared with.
struct ComparisonBasis {
    /// The other arithmetic; often the same.
    var scheme: HashScheme
    /// The other owners; nil when buckets are compared.
    var owners: OwnerMap?

    /// The basis that options describe; what they leave out is as it is.
    init(_ options: CompareOptions, _ base: WhoBasis, _ scheme: HashScheme) throws(CommandError) {
        let parts = options.parts
        self.scheme = parts.isGiven ? try parts.value(over: scheme) : scheme
        if let text = options.compareOwners {
            guard base.owners != nil else {
                throw CommandError("--compare-owners needs the owners to compare with: a cluster, or --owners")
            }
            owners = try OwnerMap(parsing: text, scheme: self.scheme)
        } else if (self.scheme.bucketCount, self.scheme.firstBucket) == (scheme.bucketCount, scheme.firstBucket) {
            owners = base.owners
        } else {
            owners = base.owners?.resized(from: scheme, to: self.scheme)
        }
    }
}

/// What flows are compared with: another arithmetic, another ownership.
struct CompareOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Compare with this hash mode.", valueName: "mode")) var compareHashmode: String?

    @Option(help: ArgumentHelp("Compare with this number of buckets.", valueName: "n")) var compareTotalNodes: String?

    @Option(help: ArgumentHelp("Compare with this seed.", valueName: "seed")) var compareHashInit: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Compare with this scheme, as --scheme.", valueName: "scheme"))
    var compareScheme: String?

    @Option(help: ArgumentHelp("Compare with nodes of this kernel.", valueName: "version")) var compareKernel: String?

    @Option(help: ArgumentHelp("Compare with nodes of this byte order.", valueName: "order"))
    var compareByteOrder: String?

    @Option(help: ArgumentHelp("Who owns what: node1=1-5,node2=6-16. With a cluster: its own.", valueName: "owners"))
    var owners: String?

    @Option(help: ArgumentHelp("Compare with this ownership.", valueName: "owners")) var compareOwners: String?

    /// The parts of the other arithmetic.
    var parts: SchemeParts {
        SchemeParts(
            hashmode: compareHashmode, totalNodes: compareTotalNodes, hashInit: compareHashInit,
            scheme: compareScheme, kernel: compareKernel, byteOrder: compareByteOrder)
    }

    /// Whether anything is to be compared.
    var isGiven: Bool { parts.isGiven || compareOwners != nil }
}
