/// Reads the arithmetic out of a whole rule, as `iptables-save`, `iptables -L` and `nft list ruleset` print it.
extension HashScheme {
    /// The arithmetic of a rule; nil when the text has none of the words that rules with an arithmetic have.
    ///
    /// `kernel` and `byteOrder` are what the rule does not say. Numbers are read as the program reads them that takes the
    /// rule: `010` is 8. Throws what is missing or wrong.
    public init?(
        rule text: String, generation: JhashGeneration = .lookup3, byteOrder: ByteOrder = .little
    ) throws(RuleTextError) {
        let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        if words.contains(where: { ["jhash", "symhash", "numgen"].contains($0) }) {
            do { self = .nft(try NftHash(parsing: text, byteOrder: byteOrder)) } catch { throw .nft(error) }
            return
        }
        let rule = RuleWords(words)
        if rule.has("--cluster-total-nodes", "--cluster-hash-seed")
            || words.contains("cluster") && rule.has("hash_seed=")
        {
            let total = try rule.number("--cluster-total-nodes", "total_nodes=")
            guard (1...32).contains(total) else { throw .range("--cluster-total-nodes", total, 1...32) }
            self = .clusterMatch(
                ClusterMatch(
                    bucketCount: total, seed: try rule.number("--cluster-hash-seed", "hash_seed="),
                    generation: generation, byteOrder: byteOrder))
        } else if words.contains("CLUSTERIP") || rule.has("--hashmode", "hashmode=") {
            let mode = try rule.value("--hashmode", "hashmode=")
            guard let hashMode = HashMode(rawValue: mode) else { throw .mode(mode) }
            let total = try rule.number("--total-nodes", "total_nodes=")
            guard (1...65_536).contains(total) else { throw .range("--total-nodes", total, 1...65_536) }
            self = .clusterIP(
                Placement(
                    mode: hashMode, bucketCount: total,
                    seed: rule.has("--hash-init", "hash_init=") ? try rule.number("--hash-init", "hash_init=") : 0,
                    generation: generation, byteOrder: byteOrder))
        } else {
            return nil
        }
    }
}

/// The words of a rule of iptables: options with the word behind them, or `name=value` as `iptables -L` prints.
private struct RuleWords {
    private let words: [String]

    init(_ words: [String]) { self.words = words }

    /// Whether one of the names occurs.
    func has(_ names: String...) -> Bool { names.contains { find($0) != nil } }

    /// The value of the first of two names.
    func value(_ option: String, _ name: String) throws(RuleTextError) -> String {
        guard let value = find(option) ?? find(name) else { throw .missing(option) }
        return value
    }

    /// The number of the first of two names.
    func number(_ option: String, _ name: String) throws(RuleTextError) -> UInt32 {
        let text = try value(option, name)
        guard let number = NumberText.parse(text) else { throw .number(option, text) }
        return number
    }

    private func find(_ name: String) -> String? {
        if name.hasSuffix("=") { return words.first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)) } }
        if let joined = words.first(where: { $0.hasPrefix(name + "=") }) {
            return String(joined.dropFirst(name.count + 1))
        }
        return words.firstIndex(of: name).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
    }
}

/// Why a rule has no arithmetic that this reads.
///
/// Source: iptables-extensions(8), nft(8).
public enum RuleTextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An option is missing.
    case missing(String)
    /// The value of an option is not a number.
    case number(String, String)
    /// The value of an option is outside its range.
    case range(String, UInt32, ClosedRange<UInt32>)
    /// Not a hash mode.
    case mode(String)
    /// The expression of nftables cannot be.
    case nft(NftHashError)

    /// One sentence that names the part and says what would be right.
    public var description: String {
        switch self {
        case .missing(let option): "the rule has no \(option)"
        case .number(let option, let value): "\(option) \"\(value)\" is not a number of 32 bits"
        case .range(let option, let value, let range):
            "\(option) \(value) is outside \(range.lowerBound) to \(range.upperBound)"
        case .mode(let mode):
            "--hashmode \"\(mode)\" is no mode: there are " + HashMode.allCases.map(\.rawValue).joined(separator: ", ")
        case .nft(let error): error.description
        }
    }
}
