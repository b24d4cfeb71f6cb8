/// Where in a mark the bucket stands, and with which number the first bucket is written.
///
/// Bucket b, counted from 0, is written as `first + b` in `width` bits from bit `shift` on; other bits belong to
/// somebody else. Source: nft(8), `ct mark set`; iptables-extensions(8), `CONNMARK --set-xmark`.
public struct MarkField: Hashable, Sendable {
    /// The number of the field's lowest bit, 0–31.
    public var shift: UInt32
    /// How many bits it has, 1–32; `shift` + `width` is at most 32.
    public var width: UInt32
    /// What is written for the first bucket.
    public var first: UInt32

    /// A field by its bits.
    public init(shift: UInt32 = 0, width: UInt32 = 32, first: UInt32 = 1) {
        self.shift = shift
        self.width = width
        self.first = first
    }

    /// The whole mark is the bucket, counted from 1, as ipt_CLUSTERIP writes it.
    public static let whole = MarkField()
    /// The lower 17 bits are the bucket, counted from 1; our own table writes a tag above them.
    public static let ownTable = MarkField(width: 17)

    /// The field's bits in a mark.
    public var mask: UInt32 { UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(width)) &- 1) << shift }

    /// The field with as many bits as so many buckets need; nil when marks have something else in those bits.
    func holding(_ total: UInt32, _ marks: [UInt32: Int]) -> MarkField? {
        let most = UInt64(first) + UInt64(total) - 1
        guard most >> UInt64(width) != 0 else { return self }
        var wider = self
        wider.width = UInt32(UInt64.bitWidth - most.leadingZeroBitCount)
        guard wider.shift + wider.width <= 32 else { return nil }
        let added = wider.mask & ~mask
        let (free, all) = marks.reduce((0, 0)) { ($0.0 + ($1.key & added == 0 ? $1.value : 0), $0.1 + $1.value) }
        return 4 * free >= 3 * all ? wider : nil
    }

    /// What a mark says in the field.
    public func value(of mark: UInt32) -> UInt32 { (mark & mask) >> shift }

    /// The bucket, counted from 0, that a mark says; nil when it is below the first.
    func bucket(of mark: UInt32) -> UInt32? {
        let value = value(of: mark)
        return value >= first ? value - first : nil
    }

    /// The field's bits for a bucket counted from 0.
    func mark(ofBucket bucket: UInt32) -> UInt32 { ((first &+ bucket) << shift) & mask }
}

extension MarkField {
    /// The field that marks most likely have, with the bucket counted from 1, or from 0 where that is seen.
    ///
    /// Bits in which fewer than a tenth of the marks differ are taken for constant: noise may change any.
    public static func likely(in connections: [MarkedFlow]) -> MarkField {
        let marks = connections.map(\.mark)
        func varies(_ bit: UInt32) -> Bool {
            let ones = marks.count { $0 >> bit & 1 == 1 }
            return 10 * min(ones, marks.count - ones) >= marks.count && ones < marks.count && ones > 0
        }
        let shift = (UInt32(0)..<32).first(where: varies) ?? 0
        let top = (UInt32(0)..<32).last(where: varies) ?? 31
        let isPlain = 10 * marks.count { $0 <= 65_536 } >= 9 * marks.count
        let isTagged = !isPlain && top < 17
        var field = MarkField(shift: shift, width: (isTagged ? 17 : 32) - shift)
        if 20 * marks.count(where: { field.value(of: $0) == 0 }) >= marks.count { field.first = 0 }
        return field
    }

    /// How many fields there may be, whatever the marks are: each stretch of bits with four numbers for the first bucket.
    static let mostCandidates = 4 * 32 * 33 / 2

    /// Every field that marks may have, the usual ones first: those that read the marks differently.
    ///
    /// `marks` are the distinct marks with how often each occurs.
    static func candidates(_ marks: [UInt32: Int]) -> [MarkField] {
        let distinct = marks.keys.sorted()
        let tops = tops(marks)
        var fields = usual(marks)
        var seen = Set(fields.map { field in distinct.map(field.value) })
        for shift in UInt32(0)..<32 {
            for top in tops where top > shift {
                let field = MarkField(shift: shift, width: top - shift)
                let values = distinct.map(field.value)
                guard let first = values.first, values.contains(where: { $0 != first }) else { continue }
                if seen.insert(values).inserted { fields.append(field) }
            }
        }
        return fields.flatMap { $0.numberings(marks) }
    }

    /// The fields that are meant unless marks speak against them.
    static func usual(_ marks: [UInt32: Int]) -> [MarkField] {
        marks.keys.contains { $0 > 65_536 } ? [.whole, .ownTable] : [.whole]
    }

    /// Where fields may end: at the top, and behind the highest bit of each run of bits in which marks differ, in any of
    /// them or in every tenth.
    private static func tops(_ marks: [UInt32: Int]) -> [UInt32] {
        let count = marks.values.reduce(0, +)
        let ones = (UInt32(0)..<32).map { bit in marks.reduce(0) { $0 + ($1.key >> bit & 1 == 1 ? $1.value : 0) } }
        var tops: Set<UInt32> = [32]
        for least in [1, count / 10] {
            let varies = ones.map { min($0, count - $0) >= max(1, least) } + [false]
            for bit in 0..<32 where varies[bit] && !varies[bit + 1] { tops.insert(UInt32(bit) + 1) }
        }
        return tops.sorted()
    }

    /// For what share of neighbours marks fall in the field when their order has no relation to them.
    func fallsByChance(_ marks: [UInt32: Int]) -> Double {
        var counts: [UInt32: Int] = [:]
        for (mark, count) in marks { counts[value(of: mark), default: 0] += count }
        let total = Double(max(1, marks.values.reduce(0, +)))
        return (1 - counts.values.reduce(0.0) { $0 + Double($1) / total * Double($1) / total }) / 2
    }

    /// The same bits with each number that the first bucket may have: 1, 0, the least value, and the least that is there
    /// more than once.
    private func numberings(_ marks: [UInt32: Int]) -> [MarkField] {
        var counts: [UInt32: Int] = [:]
        for (mark, count) in marks { counts[value(of: mark), default: 0] += count }
        let least = counts.keys.min() ?? 0
        let repeated = counts.filter { $0.value > 1 }.keys.min() ?? least
        var firsts: [UInt32] = [1]
        for first in [0, least, repeated] where !firsts.contains(first) { firsts.append(first) }
        return firsts.map { MarkField(shift: shift, width: width, first: $0) }
    }
}
