extension NftHash: CustomStringConvertible {
    /// Reads the expression as `nft list ruleset` prints it: `jhash ip saddr . th dport mod 4 seed 0x7 offset 1`.
    ///
    /// `seed` and `offset` may be missing; numbers are decimal, or hexadecimal after 0x. Throws `unreadable` with the
    /// word that does not fit, `symmetricHash` for `symhash`, and what `init(fields:…)` throws.
    public init(parsing text: String, byteOrder: ByteOrder = .little) throws(NftHashError) {
        var words = text.split(separator: " ").map(String.init)[...]
        if words.first == "symhash" { throw .symmetricHash }
        if words.first == "jhash" { words.removeFirst() }
        var fields: [NftKeyField] = []
        repeat {
            if !fields.isEmpty { words.removeFirst() }
            fields.append(try Self.takeField(&words))
        } while words.first == "."
        var numbers: [String: UInt32] = [:]
        while let name = words.popFirst() {
            guard ["mod", "seed", "offset"].contains(name), numbers[name] == nil else { throw .unreadable(name) }
            guard let value = words.popFirst() else { throw .unreadable(name) }
            guard let number = Self.number(value) else { throw .unreadable(value) }
            numbers[name] = number
        }
        guard let modulus = numbers["mod"] else { throw .zeroModulus }
        try self.init(
            fields: fields, modulus: modulus, seed: numbers["seed"], offset: numbers["offset"] ?? 0,
            byteOrder: byteOrder)
    }

    /// The expression in nft's own words.
    public var description: String {
        let key = fields.map(\.rawValue).joined(separator: " . ")
        let seedText = seed.map { " seed 0x" + String($0, radix: 16) } ?? ""
        return "jhash \(key) mod \(modulus)\(seedText)" + (offset == 0 ? "" : " offset \(offset)")
    }

    private static func takeField(_ words: inout ArraySlice<String>) throws(NftHashError) -> NftKeyField {
        for count in 2...4 {
            if let field = NftKeyField(rawValue: words.prefix(count).joined(separator: " ")) {
                words = words.dropFirst(count)
                return field
            }
        }
        throw .unreadable(words.first ?? "")
    }

    private static func number(_ text: String) -> UInt32? {
        let isHex = text.hasPrefix("0x")
        let digits = isHex ? text.dropFirst(2) : text[...]
        guard digits.utf8.first != UInt8(ascii: "+") else { return nil }
        return UInt32(digits, radix: isHex ? 16 : 10)
    }
}
