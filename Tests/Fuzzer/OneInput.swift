/// What takes an input.
///
/// Unchecked, since libFuzzer calls a function of C, which can hold nothing: `main` sets this once, before the first input, and
/// one thread runs all of them.
nonisolated(unsafe) var take: ([UInt8]) -> Void = { _ in }

/// Hands one input to the target.
func hand(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    take(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// The same by the name that libFuzzer's own `main`, which is linked and not run, wants it to have.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt { hand(bytes, count) }
