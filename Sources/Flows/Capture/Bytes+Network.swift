extension UnsafeRawBufferPointer {
    /// The number in network order at an offset; the caller has checked that it is there.
    @inline(__always)
    func word16(_ offset: Int) -> UInt16 { UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)) }

    /// The number in network order at an offset; the caller has checked that it is there.
    @inline(__always)
    func word32(_ offset: Int) -> UInt32 { UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
}
