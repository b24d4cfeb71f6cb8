/// Why a capture cannot be read, one sentence.
public struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence, made of printable ASCII.
    public var description: String

    init(_ description: String) {
        self.description = String(
            decoding: description.utf8.map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}
