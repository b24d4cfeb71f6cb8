import Responsibility

/// A stretch of bytes of a line, as the parsers look at it.
typealias Bytes = UnsafeRawBufferPointer

extension UnsafeRawBufferPointer {
    /// A part of it; the bounds must be inside.
    func part(_ from: Int, _ to: Int) -> Bytes { Bytes(rebasing: self[from..<to]) }

    /// What follows the first `count` bytes; empty when there are fewer.
    func after(_ count: Int) -> Bytes { part(Swift.min(count, self.count), self.count) }

    /// Where a byte occurs first.
    func position(of byte: UInt8, from start: Int = 0) -> Int? {
        var index = start
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// Where a byte occurs last.
    func lastPosition(of byte: UInt8) -> Int? {
        var index = count - 1
        while index >= 0 {
            if self[index] == byte { return index }
            index -= 1
        }
        return nil
    }

    /// Whether it begins with this ASCII text.
    func begins(with text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount where self[index] != text.utf8Start[index] { return false }
        return true
    }

    /// Whether it is this ASCII text.
    func equals(_ text: StaticString) -> Bool { count == text.utf8CodeUnitCount && begins(with: text) }

    /// Without the spaces, tabs and carriage returns around it.
    var trimmed: Bytes {
        var (from, to) = (0, count)
        while from < to, self[from].isSpace { from += 1 }
        while to > from, self[to - 1].isSpace { to -= 1 }
        return part(from, to)
    }

    /// The decimal number it is, of 1–20 digits that fit into 64 bits.
    var decimal: UInt64? {
        guard (1...20).contains(count) else { return nil }
        var number: UInt64 = 0
        for byte in self {
            guard byte.isDigit else { return nil }
            let (shifted, overflows) = number.multipliedReportingOverflow(by: 10)
            let (sum, carries) = shifted.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !overflows, !carries else { return nil }
            number = sum
        }
        return number
    }

    /// The port number it is.
    var port: UInt16? { count <= 5 ? decimal.flatMap(UInt16.init(exactly:)) : nil }

    /// The number it is, decimal or hexadecimal after 0x, of at most 32 bits.
    var word: UInt32? {
        guard begins(with: "0x") || begins(with: "0X") else { return decimal.flatMap(UInt32.init(exactly:)) }
        let digits = after(2)
        guard (1...8).contains(digits.count), digits.allSatisfy(\.isHexDigit) else { return nil }
        return UInt32(digits.text, radix: 16)
    }

    /// Where another text begins first; nil when it does not occur.
    func position(of text: StaticString, from start: Int = 0) -> Int? {
        let length = text.utf8CodeUnitCount
        guard length > 0, count >= length else { return nil }
        var index = start
        let first = text.utf8Start[0]
        while index <= count - length {
            if self[index] == first, part(index, index + length).begins(with: text) { return index }
            index += 1
        }
        return nil
    }

    /// Whether it contains a text.
    func contains(_ text: StaticString) -> Bool { position(of: text) != nil }

    /// The address it is, of either family; one in the IPv4-mapped form counts as IPv4.
    var address: IPAddress? {
        guard (2...45).contains(count) else { return nil }
        guard position(of: UInt8(ascii: ":")) != nil else { return v4Address.map(IPAddress.v4) }
        guard let address = IPv6Address(utf8: self) else { return nil }
        guard address.high == 0, address.low >> 32 == 0xffff else { return .v6(address) }
        return .v4(IPv4Address(number: UInt32(truncatingIfNeeded: address.low)))
    }

    /// The IPv4 address it is, in dotted-quad form.
    var v4Address: IPv4Address? { count <= 15 ? IPv4Address(utf8: self) : nil }

    /// The protocol it names, by name or number.
    var transport: TransportProtocol? {
        if equals("tcp") { return .tcp }
        if equals("udp") { return .udp }
        return count <= 10 ? TransportProtocol(text) : nil
    }

    /// Whether it is a name, of a host or a service, where a number should be.
    var isName: Bool {
        guard let first, (first | 0x20) &- UInt8(ascii: "a") < 26 || first.isDigit else { return false }
        return contains { !$0.isHexDigit && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: ":") }
            && allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    /// It as a string; invalid UTF-8 is replaced.
    var text: String { String(decoding: self, as: UTF8.self) }
}

extension UInt8 {
    /// Whether it is a space, a tab or a carriage return.
    var isSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0d }
}

/// The words of a line, separated by spaces and tabs.
struct Words: Sequence, IteratorProtocol {
    private var rest: Bytes

    init(_ line: Bytes) { rest = line }

    /// What has not been read yet.
    var remainder: Bytes { rest }

    mutating func next() -> Bytes? {
        var start = 0
        while start < rest.count, rest[start].isSpace { start += 1 }
        guard start < rest.count else { return nil }
        var end = start
        while end < rest.count, !rest[end].isSpace { end += 1 }
        let word = rest.part(start, end)
        rest = rest.after(end)
        return word
    }
}

/// The numbers of lines, the first line being 1, rising, kept as runs of lines that follow one another.
///
/// The index is that of the flow in its batch. Memory grows with the runs, not with the lines. Source: this library.
public struct LineNumbers: RandomAccessCollection, Hashable, Sendable {
    private struct Run: Hashable, Sendable {
        /// The index of its first line.
        var index: Int
        /// The number of its first line.
        var line: Int
    }

    private var runs: [Run] = []
    /// How many lines there are.
    public private(set) var count = 0

    /// No lines.
    init() {}

    /// The index of the first line, 0.
    public var startIndex: Int { 0 }
    /// The index behind the last line.
    public var endIndex: Int { count }

    /// The number of the line at an index, 0…`count` − 1, in logarithmic time; any other index ends the program.
    public subscript(index: Int) -> Int {
        precondition(index >= 0 && index < count, "there is no such line")
        var (from, to) = (0, runs.count - 1)
        while from < to {
            let middle = (from + to + 1) / 2
            if runs[middle].index <= index { from = middle } else { to = middle - 1 }
        }
        return runs[from].line + index - runs[from].index
    }

    /// The index of the first line, from an index on, whose number is above this one; `count` when there is none.
    public func firstIndex(from start: Int, above line: Int) -> Int {
        var (from, to) = (start, count)
        while from < to {
            let middle = (from + to) / 2
            if self[middle] > line { to = middle } else { from = middle + 1 }
        }
        return from
    }

    /// Adds so many lines that follow one another, from a number on.
    mutating func append(_ line: Int, count added: Int = 1) {
        guard added > 0 else { return }
        if let last = runs.last, last.line + count - last.index == line {
            count += added
            return
        }
        runs.append(Run(index: count, line: line))
        count += added
    }

    /// Forgets all lines and keeps the memory.
    mutating func removeAll() {
        runs.removeAll(keepingCapacity: true)
        count = 0
    }
}
