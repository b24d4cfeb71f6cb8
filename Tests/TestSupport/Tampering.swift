/// What somebody on the way does to a line: numbers beyond all bounds, lists repeated, texts that command, parts cut off,
/// doubled, exchanged or gone.
///
/// It knows JSON and nothing of the protocol, so that every message, also one that is added tomorrow, can be tampered with.
public struct Tampering: CaseIterable, Sendable, Hashable {
    /// One way of tampering.
    public enum Kind: String, CaseIterable, Sendable {
        case number, text, list, exchange, key, cut, byte, twice, nesting, null
    }

    /// Every kind, with no seed yet.
    public static var allCases: [Tampering] { Kind.allCases.map { Tampering($0, seed: 0) } }

    /// The way.
    public let kind: Kind
    /// What chooses the place.
    public let seed: UInt64

    /// A way of tampering, at places that a seed chooses.
    public init(_ kind: Kind, seed: UInt64) {
        self.kind = kind
        self.seed = seed
    }

    private static let numbers = [
        "-1", "0", "65536", "65537", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "-9223372036854775808", "1e400", "0.5", "1e18",
    ]
    private static let texts = [
        "", "\\u001b]0;x\\u0007", "\\u202e", "$(id)", "1-65536", "65536-1", "999999999999", "op-other-guard",
        "owned", String(repeating: "x", count: 5000),
    ]

    /// The line after it.
    public func apply(_ line: [UInt8]) -> [UInt8] {
        var random = SplitMix(seed: seed)
        let tokens = Self.tokens(line)
        func some(_ kind: Token.Kind) -> Range<Int>? {
            tokens.filter { $0.kind == kind }.randomElement(using: &random)?.range
        }
        func replace(_ range: Range<Int>?, _ new: some Collection<UInt8>) -> [UInt8] {
            guard let range else { return line }
            return Array(line[..<range.lowerBound]) + Array(new) + Array(line[range.upperBound...])
        }
        switch kind {
        case .number: return replace(some(.number), (Self.numbers.randomElement(using: &random) ?? "").utf8)
        case .text: return replace(some(.text), "\"\(Self.texts.randomElement(using: &random) ?? "")\"".utf8)
        case .null: return replace(some(.number) ?? some(.text), "null".utf8)
        case .list:
            guard let range = some(.list) else { return line }
            let inner = line[range].dropFirst().dropLast()
            guard !inner.isEmpty else { return line }
            let many = Array(repeating: Array(inner), count: 100).joined(separator: [UInt8(ascii: ",")])
            return replace(range, [UInt8(ascii: "[")] + many + [UInt8(ascii: "]")])
        case .nesting:
            return replace(some(.list) ?? some(.number), Array(repeating: UInt8(ascii: "["), count: 10_000))
        case .key: return replace(some(.key), "\"other\"".utf8)
        case .exchange:
            guard let one = some(.number), let two = some(.text), one.upperBound <= two.lowerBound else { return line }
            var exchanged = Array(line[..<one.lowerBound])
            exchanged += line[two]
            exchanged += line[one.upperBound..<two.lowerBound]
            exchanged += line[one]
            return exchanged + line[two.upperBound...]
        case .cut: return Array(line.prefix(Int.random(in: 0...line.count, using: &random)))
        case .byte:
            guard !line.isEmpty else { return line }
            var line = line
            line[Int.random(in: 0..<line.count, using: &random)] = .random(in: 0...255, using: &random)
            return line
        case .twice: return line + line
        }
    }

    private struct Token {
        enum Kind { case number, text, key, list }
        var kind: Kind
        var range: Range<Int>
    }

    /// The numbers, texts, keys and lists of a line of JSON that has no blanks.
    private static func tokens(_ line: [UInt8]) -> [Token] {
        var (tokens, open, place) = ([Token](), [Int](), 0)
        while place < line.count {
            let start = place
            place += 1
            switch line[start] {
            case UInt8(ascii: "\""):
                while place < line.count, line[place] != UInt8(ascii: "\"") {
                    place += line[place] == UInt8(ascii: "\\") ? 2 : 1
                }
                place = min(place + 1, line.count)
                let isKey = place < line.count && line[place] == UInt8(ascii: ":")
                tokens.append(Token(kind: isKey ? .key : .text, range: start..<place))
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                while place < line.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(line[place]) { place += 1 }
                tokens.append(Token(kind: .number, range: start..<place))
            case UInt8(ascii: "["): open.append(start)
            case UInt8(ascii: "]"):
                if let start = open.popLast() { tokens.append(Token(kind: .list, range: start..<place)) }
            default: break
            }
        }
        return tokens
    }
}
