/// Cuts a stream of bytes into lines, and refuses a line that does not end.
public struct LineBuffer: Sendable {
    /// The longest line accepted, in bytes.
    public let limit: Int
    private var bytes: [UInt8] = []
    private var start = 0
    private var searched = 0

    /// A buffer for lines up to a length.
    public init(limit: Int = 16 << 20) { self.limit = limit }

    /// Whether a line has grown beyond the limit; nothing more comes out then.
    public private(set) var isOverfull = false

    /// How many bytes of a line are there that is not whole yet, lines before it that were not taken included.
    public var unfinished: Int { bytes.count - start }

    /// Adds bytes as they were read.
    public mutating func append(_ more: some Sequence<UInt8>) {
        guard !isOverfull else { return }
        if start > 0, start >= bytes.count / 2 {
            // What was long once does not keep its room.
            if bytes.capacity > 1 << 20 { bytes = Array(bytes[start...]) } else { bytes.removeSubrange(0..<start) }
            searched -= start
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// Takes the next whole line, without its newline; nil when there is none yet.
    public mutating func next() -> ArraySlice<UInt8>? {
        guard !isOverfull else { return nil }
        guard let end = bytes[max(searched, start)...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            isOverfull = bytes.count - start > limit
            return nil
        }
        defer {
            start = end + 1
            searched = start
        }
        return bytes[start..<end]
    }
}
