import ArgumentParser
import ClusterModel
import FlowReading
import Responsibility
import Wording

/// An arithmetic given on the command line, for answers without a cluster.
struct SchemeOptions: ParsableArguments {
    @Option(help: "Offline: what is hashed: sourceip, sourceip-sourceport or sourceip-sourceport-destport.")
    var hashmode: String?

    @Option(help: "Offline: the number of buckets, 1 to 65536.")
    var totalNodes: String?

    @Option(help: "Offline: the seed, as iptables reads it: 42, 0x2a, or 052.")
    var hashInit: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Offline: clusterip (the default), cluster-match (xt_cluster), or nftables' own words: 'jhash ip saddr . tcp sport mod 4 seed 0x1 offset 1'; or a whole rule as nft list ruleset or iptables-save print it.",
            valueName: "scheme"))
    var scheme: String?

    @Option(help: "Offline: the nodes' kernel, such as 3.10: its generation of jhash.")
    var kernel: String?

    @Option(help: "Offline: the nodes' byte order, little or big.")
    var byteOrder: String?

    /// The parts as they were written.
    var parts: SchemeParts {
        SchemeParts(
            hashmode: hashmode, totalNodes: totalNodes, hashInit: hashInit, scheme: scheme, kernel: kernel,
            byteOrder: byteOrder)
    }
}

/// What the names of a batch's columns mean.
struct ColumnOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What a table's columns mean, where their names do not tell: source=client,source_port=cport.",
            valueName: "field=name,…"))
    var columns: String?

    /// The names that are known, and those that were given.
    func names() throws(CommandError) -> ColumnNames {
        guard let columns else { return ColumnNames() }
        do throws(ColumnNamesError) { return try ColumnNames(columns) } catch {
            throw CommandError(error.description.madeSafe(limit: 300))
        }
    }
}

/// The parts of an arithmetic as an operator writes them; nil for those that are not given.
struct SchemeParts {
    var hashmode: String?
    var totalNodes: String?
    var hashInit: String?
    var scheme: String?
    var kernel: String?
    var byteOrder: String?

    /// Whether any part is given.
    var isGiven: Bool { [hashmode, totalNodes, hashInit, scheme, kernel, byteOrder].contains { $0 != nil } }

    /// The arithmetic; nil when no part is given.
    ///
    /// - Throws: `CommandError` that names the part that is wrong or missing.
    func value() throws(CommandError) -> HashScheme? {
        guard isGiven else { return nil }
        if let rule = try rule() { return rule }
        try checkName()
        guard scheme != nil || hashmode != nil, totalNodes != nil else {
            throw CommandError("an offline answer needs --hashmode and --total-nodes (and --hash-init, else 0)")
        }
        return try value(over: .clusterIP(Placement(mode: .sourceIP, bucketCount: 1, seed: 0)))
    }

    /// The arithmetic with the given parts, and the others from `base`.
    func value(over base: HashScheme) throws(CommandError) -> HashScheme {
        if let rule = try rule() { return rule }
        try checkName()
        if case .nft = base, scheme == nil {
            throw CommandError("an nftables expression is compared by giving the whole other --compare-scheme")
        }
        var placement = base.asPlacement
        if let hashmode { placement.mode = try PlacementText.mode(hashmode) }
        if let totalNodes { placement.bucketCount = try PlacementText.totalNodes(totalNodes) }
        if let hashInit { placement.seed = try PlacementText.hashInit(hashInit) }
        placement.generation = try generation() ?? placement.generation
        placement.byteOrder = try order() ?? placement.byteOrder
        guard scheme == "cluster-match" || scheme == nil && base.isClusterMatch else { return .clusterIP(placement) }
        return try Self.match(placement, hashmode)
    }

    /// Whether `scheme` is one of the names, or nothing.
    private func checkName() throws(CommandError) {
        guard let scheme, scheme != "clusterip", scheme != "cluster-match" else { return }
        throw CommandError(
            "\"\(scheme.madeSafe(limit: 60))\" is no scheme: there are clusterip, cluster-match, nftables' jhash …, and "
                + "whole rules of nft list ruleset and iptables-save")
    }

    private static func match(_ parts: Placement, _ hashmode: String?) throws(CommandError) -> HashScheme {
        guard hashmode == nil else {
            throw CommandError("cluster-match has no --hashmode: it hashes the source address")
        }
        guard (1...32).contains(parts.bucketCount) else {
            throw CommandError("cluster-match has 1 to 32 buckets, not \(parts.bucketCount)")
        }
        return .clusterMatch(
            ClusterMatch(
                bucketCount: parts.bucketCount, seed: parts.seed, generation: parts.generation,
                byteOrder: parts.byteOrder))
    }

    /// The arithmetic of a whole rule, or of nftables' expression, in `scheme`; nil when it is neither.
    private func rule() throws(CommandError) -> HashScheme? {
        guard let scheme else { return nil }
        let (generation, order) = (try generation() ?? .lookup3, try order() ?? .little)
        do throws(RuleTextError) {
            guard let rule = try HashScheme(rule: scheme, generation: generation, byteOrder: order) else { return nil }
            guard rule.seed != nil else { throw RuleTextError.nft(.seedUnknown) }
            if hashmode == nil, totalNodes == nil, hashInit == nil { return rule }
        } catch {
            throw CommandError(error.description.madeSafe(limit: 300))
        }
        throw CommandError("a rule says itself what is hashed, how many buckets there are, and the seed")
    }

    /// The generation of jhash that the kernel has; nil when no kernel is given.
    func generation() throws(CommandError) -> JhashGeneration? {
        guard let kernel else { return nil }
        guard let version = LinuxVersion(kernel) else {
            throw CommandError(
                "\"\(kernel.madeSafe(limit: 40))\" is not a kernel version such as 3.10 or 6.1.0-56-amd64")
        }
        return JhashGeneration(of: version)
    }

    /// The byte order; nil when none is given.
    func order() throws(CommandError) -> ByteOrder? {
        guard let byteOrder else { return nil }
        guard let order = ByteOrder(rawValue: byteOrder) else {
            throw CommandError("\"\(byteOrder.madeSafe(limit: 40))\" is not a byte order: write little or big")
        }
        return order
    }
}

extension HashScheme {
    /// Whether it is that of xt_cluster.
    var isClusterMatch: Bool {
        if case .clusterMatch = self { return true }
        return false
    }

    /// Its parts as a placement, for changing some of them.
    var asPlacement: Placement {
        switch self {
        case .clusterIP(let placement): placement
        case .clusterMatch(let match):
            Placement(
                mode: .sourceIP, bucketCount: match.bucketCount, seed: match.seed, generation: match.generation,
                byteOrder: match.byteOrder)
        case .nft(let hash):
            Placement(mode: .sourceIP, bucketCount: hash.modulus, seed: hash.seed ?? 0, byteOrder: hash.byteOrder)
        }
    }

    /// What it is, for people, on one line.
    var text: String {
        switch self {
        case .clusterIP(let placement): "clusterip \(placement.mode.rawValue), " + Self.tail(placement)
        case .clusterMatch: "cluster-match, " + Self.tail(asPlacement)
        case .nft(let hash): "nft \(hash)" + (hash.byteOrder == .big ? ", big-endian" : "")
        }
    }

    private static func tail(_ parts: Placement) -> String {
        "\(parts.bucketCount) bucket\(parts.bucketCount == 1 ? "" : "s"), seed \(parts.seed), \(parts.generation.kernels), \(parts.byteOrder.rawValue)-endian"
    }
}

/// Reads the parts of a placement.
enum PlacementText {
    /// A hash mode by its iptables name.
    static func mode(_ text: String) throws(CommandError) -> HashMode {
        guard let mode = HashMode(rawValue: text) else {
            throw CommandError(
                "\"\(text.madeSafe(limit: 60))\" is not a hash mode: there are \(HashMode.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return mode
    }

    /// A number of buckets.
    static func totalNodes(_ text: String) throws(CommandError) -> UInt32 {
        guard let number = NumberText.parse(text), (1...65536).contains(number) else {
            throw CommandError("\"\(text.madeSafe(limit: 20))\" is not a number of buckets: 1 to 65536 are possible")
        }
        return number
    }

    /// A seed as iptables reads it: decimal, hexadecimal after 0x, octal after 0.
    static func hashInit(_ text: String) throws(CommandError) -> UInt32 {
        guard let number = NumberText.parse(text) else {
            throw CommandError("\"\(text.madeSafe(limit: 20))\" is not a seed: 0 to 4294967295, or 0x and hex digits")
        }
        return number
    }
}
