internal import CFlowLines
import Responsibility

/// What stands around the values of an object of JSON, which programs write the same in every line.
///
/// It is learned from a line that the other reader has read, and reads lines that differ from it in values alone: they have the
/// same members in the same order, so that the same values count. Values with escapes are left to the other reader.
///
/// Unchecked, since it owns memory that nothing writes to after `init`, and that only `deinit` frees.
final class ObjectShape: @unchecked Sendable {
    /// The most stretches, and bytes of a line, that are learned.
    private static let most = (stretches: 1024, bytes: 16_384)

    private let text: UnsafeMutableBufferPointer<UInt8>
    private let stretches: UnsafeMutableBufferPointer<clusterip_stretch>

    /// The shape of a line with what it offers to a flow; nil when it lacks a part of the flow, or has what must be looked at.
    init?(_ line: Bytes, _ offers: [JSONLine.Offer]) {
        guard line.count <= Self.most.bytes, let roles = Self.roles(line, offers),
            let found = Self.stretches(of: line, roles), found.count <= Self.most.stretches
        else { return nil }
        text = .allocate(capacity: max(1, line.count))
        _ = text.initialize(from: line)
        stretches = .allocate(capacity: found.count)
        for (index, stretch) in found.enumerated() {
            stretches.initializeElement(
                at: index,
                to: clusterip_stretch(
                    text: text.baseAddress.map { UnsafePointer($0 + stretch.text.lowerBound) },
                    length: stretch.text.count, is_string: stretch.isString, role: stretch.role))
        }
    }

    deinit {
        text.deallocate()
        stretches.deallocate()
    }

    /// Calls `body` with the shape as the reader in C has it.
    func withObjects<Result>(_ body: (clusterip_objects) -> Result) -> Result {
        body(clusterip_objects(stretches: stretches.baseAddress, count: stretches.count))
    }

    private struct Stretch {
        var text: Range<Int>
        var isString = false
        var role: UInt8 = 0
    }

    /// The roles of values by where they begin: of several for one field those that count whatever their values are.
    private static func roles(_ line: Bytes, _ offers: [JSONLine.Offer]) -> [Int: UInt8]? {
        var best: [FlowField: JSONLine.Offer] = [:]
        var roles: [Int: UInt8] = [:]
        for offer in offers {
            guard let role = FastRows.role(of: offer.field) else { return nil }
            if offer.field == .mark { roles[offer.range.lowerBound] = UInt8(truncatingIfNeeded: role.rawValue) }
            if let last = best[offer.field] {
                guard offer.field != .packets, offer.field != .bytes else { return nil }
                if offer.rank >= last.rank { continue }
            }
            best[offer.field] = offer
        }
        for (field, offer) in best where field != .mark {
            let value = line.part(offer.range.lowerBound, offer.range.upperBound)
            guard !value.isEmpty, !value.equals("null"), !value.equals("-"), let role = FastRows.role(of: field) else {
                return nil
            }
            roles[offer.range.lowerBound] = UInt8(truncatingIfNeeded: role.rawValue)
        }
        let needed: [FlowField] = [.transport, .source, .sourcePort, .destination, .destinationPort]
        return needed.allSatisfy { best[$0] != nil } ? roles : nil
    }

    /// The line cut at its values; nil when one has an escape.
    private static func stretches(of line: Bytes, _ roles: [Int: UInt8]) -> [Stretch]? {
        var (found, start, index) = ([Stretch](), 0, 0)
        while index < line.count {
            let byte = line[index]
            var end = index + 1
            if byte == UInt8(ascii: "\"") {
                while end < line.count, line[end] != UInt8(ascii: "\""), line[end] != UInt8(ascii: "\\"),
                    line[end] >= 0x20
                {
                    end += 1
                }
                guard end < line.count, line[end] == UInt8(ascii: "\"") else { return nil }
                if !isName(line, endingAt: end) {
                    found.append(Stretch(text: start..<index + 1, isString: true, role: roles[index + 1] ?? 0))
                    start = end
                }
                end += 1
            } else if isWord(byte) {
                while end < line.count, isWord(line[end]) { end += 1 }
                found.append(Stretch(text: start..<index, role: roles[index] ?? 0))
                start = end
            }
            index = end
        }
        return found + [Stretch(text: start..<line.count)]
    }

    /// Whether a string is the name of a member.
    private static func isName(_ line: Bytes, endingAt end: Int) -> Bool {
        var index = end + 1
        while index < line.count, line[index].isSpace { index += 1 }
        return index < line.count && line[index] == UInt8(ascii: ":")
    }

    /// Whether a byte belongs to a number or a word.
    private static func isWord(_ byte: UInt8) -> Bool {
        byte.isDigit || (byte | 0x20) &- UInt8(ascii: "a") < 26 || [0x2b, 0x2d, 0x2e].contains(byte)
    }
}
