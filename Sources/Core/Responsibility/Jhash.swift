/// Jenkins' lookup3 as the kernel's `jhash_1word`, `jhash_2words` and `jhash_3words` compute it since Linux 4.1.
///
/// Source: include/linux/jhash.h.
public enum Jhash {
    /// The arbitrary starting value, `JHASH_INITVAL`.
    public static let initialValue: UInt32 = 0xdead_beef

    /// The hash of the first `count` (1–3) of three words, with a seed.
    @inlinable
    public static func words(_ a: UInt32, _ b: UInt32 = 0, _ c: UInt32 = 0, count: Int, seed: UInt32) -> UInt32 {
        let start = initialValue &+ UInt32(truncatingIfNeeded: count) << 2 &+ seed
        return finalMix(a &+ start, b &+ start, c &+ start)
    }

    /// The final mix, `__jhash_final`.
    @inlinable
    static func finalMix(_ first: UInt32, _ second: UInt32, _ third: UInt32) -> UInt32 {
        var (a, b, c) = (first, second, third)
        c = (c ^ b) &- rotated(b, 14)
        a = (a ^ c) &- rotated(c, 11)
        b = (b ^ a) &- rotated(a, 25)
        c = (c ^ b) &- rotated(b, 16)
        a = (a ^ c) &- rotated(c, 4)
        b = (b ^ a) &- rotated(a, 14)
        c = (c ^ b) &- rotated(b, 24)
        return c
    }

    /// Rotation to the left by 1–31 bits.
    @inlinable
    static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 { word << bits | word >> (32 - bits) }
}
