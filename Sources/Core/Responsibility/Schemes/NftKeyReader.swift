/// Reads the key of a `jhash` expression, `ip saddr & 255.255.255.0 . th sport`, as nft prints and reads it.
struct NftKeyReader {
    /// What has not been read; parentheses are words of their own.
    private(set) var words: ArraySlice<String>

    init(_ words: [String]) { self.words = words.flatMap(Self.tokens)[...] }

    /// A word, and parentheses around it, as words.
    private static func tokens(_ word: String) -> [String] {
        var tokens: [String] = []
        var plain = ""
        for character in word {
            guard character == "(" || character == ")" else {
                plain.append(character)
                continue
            }
            if !plain.isEmpty { tokens.append(plain) }
            tokens.append(String(character))
            plain = ""
        }
        return plain.isEmpty ? tokens : tokens + [plain]
    }

    /// The parts up to the word that is none; throws the word that does not fit.
    mutating func parts() throws(NftHashError) -> [NftKeyPart] {
        var parts: [NftKeyPart] = []
        repeat {
            if !parts.isEmpty { words.removeFirst() }
            parts.append(try part(depth: 0))
        } while words.first == "."
        return parts
    }

    /// A source and its operations, which nft reads from left to right as long as none binds more tightly than the last.
    private mutating func part(depth: Int) throws(NftHashError) -> NftKeyPart {
        var part: NftKeyPart
        if words.first == "(" {
            guard depth < 8 else { throw .unreadable("(") }
            words.removeFirst()
            part = try self.part(depth: depth + 1)
            guard words.popFirst() == ")" else { throw .unreadable("(") }
        } else {
            part = NftKeyPart(try source())
        }
        var last = Int.max
        while let symbol = words.first, let make = Self.operators[symbol] {
            words.removeFirst()
            guard let text = words.popFirst() else { throw .unreadable(symbol) }
            let operation = make(try Self.number(text, part))
            guard operation.binding <= last else { throw .ambiguous("\(symbol) \(text)") }
            if operation.binding == 4, !part.fitsIntoWord { throw .unreadable(symbol) }
            last = operation.binding
            part = NftKeyPart(part.source, part.operations + [operation])
        }
        return part
    }

    private static let operators: [String: @Sendable (UInt128) -> NftKeyPart.Operation] = [
        "&": { .and($0) }, "and": { .and($0) }, "|": { .or($0) }, "or": { .or($0) }, "^": { .exclusiveOr($0) },
        "xor": { .exclusiveOr($0) }, "<<": { .left(UInt32(clamping: $0)) }, "lshift": { .left(UInt32(clamping: $0)) },
        ">>": { .right(UInt32(clamping: $0)) }, "rshift": { .right(UInt32(clamping: $0)) },
    ]

    /// A field by its name, of two to four words, or bytes by their place.
    private mutating func source() throws(NftHashError) -> NftKeyPart.Source {
        for count in [4, 3, 2] {
            if let field = NftKeyField(rawValue: words.prefix(count).joined(separator: " ")) {
                words = words.dropFirst(count)
                return .field(field)
            }
        }
        if let first = words.first, first.hasPrefix("@") {
            words.removeFirst()
            return try Self.bytes(first)
        }
        let name = words.prefix(2).joined(separator: " ")
        if NftKeyField.beyondFlows.contains(name) { throw .notInFlow(name) }
        throw .unreadable(
            words.count > 1 && words.first != "mod" && words.dropFirst().first != "mod" ? name : words.first ?? "")
    }

    /// `@nh,96,32`: whole bytes, at most 16; others nft itself prints as bytes with a mask.
    private static func bytes(_ text: String) throws(NftHashError) -> NftKeyPart.Source {
        let parts = text.dropFirst().split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3, let offset = Int(parts[1]), let count = Int(parts[2]), offset % 8 == 0, count % 8 == 0,
            (0..<4096).contains(offset), (8...128).contains(count)
        else { throw .unreadable(text) }
        guard let header = NftHeader(rawValue: String(parts[0])) else { throw .notInFlow(text) }
        return .bytes(header, offset: offset / 8, count: count / 8)
    }

    /// The number of an operation: an address, or as nft reads numbers; it must fit into the part.
    private static func number(_ text: String, _ part: NftKeyPart) throws(NftHashError) -> UInt128 {
        let number: UInt128?
        switch IPAddress(text) {
        case .v4(let address): number = UInt128(address.number)
        case .v6(let address): number = (UInt128(address.high) << 64) | UInt128(address.low)
        case nil:
            let isHex = text.hasPrefix("0x") || text.hasPrefix("0X")
            let isOctal = !isHex && text.hasPrefix("0") && text.utf8.count > 1
            let digits = isHex ? text.dropFirst(2) : text[...]
            let isPlain = digits.utf8.allSatisfy(\.isHexDigit)
            // Numbers of protocols nft prints by their names.
            number =
                isPlain && text.utf8.first?.isDigit == true
                ? UInt128(digits, radix: isHex ? 16 : isOctal ? 8 : 10)
                : part.length == 1 ? TransportProtocol(text).map { UInt128($0.rawValue) } : nil
        }
        guard let number, part.length == 16 || number >> (8 * part.length) == 0 else { throw .unreadable(text) }
        return number
    }
}

extension NftKeyPart {
    /// How many bytes it has; where that depends on the address family, as many as it may have.
    fileprivate var length: Int {
        switch source {
        case .field(let field): field.length
        case .bytes(_, _, let count): count
        }
    }

    /// Whether it fits into 32 bits, of which alone the kernel shifts.
    fileprivate var fitsIntoWord: Bool { length <= 4 }
}
