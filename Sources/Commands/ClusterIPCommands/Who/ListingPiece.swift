/// Text of up to 32 bytes between the values of a line, which is written as a whole and counted by its length.
struct ListingPiece {
    private let bytes: SIMD32<UInt8>
    private let count: Int

    /// A text; what is beyond 32 bytes is cut.
    init(_ text: String) {
        let utf8 = Array(text.utf8.prefix(32))
        count = utf8.count
        bytes = SIMD32(utf8 + repeatElement(0, count: 32 - utf8.count))
    }

    /// Writes it to memory that has room for 32 bytes.
    @inline(__always)
    func put(at text: inout UnsafeMutableRawPointer) {
        text.storeBytes(of: bytes, as: SIMD32<UInt8>.self)
        text += count
    }
}
