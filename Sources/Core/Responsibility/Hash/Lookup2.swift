/// Jenkins' older hash lookup2, which the kernel's jhash was before Linux 2.6.37.
///
/// Source: include/linux/jhash.h of 2.6.36.
@usableFromInline
enum Lookup2 {
    /// The mix, `__jhash_mix` of 2.6.36; its third word is the hash.
    @usableFromInline
    static func mix(_ first: UInt32, _ second: UInt32, _ third: UInt32) -> (UInt32, UInt32, UInt32) {
        var (a, b, c) = (first, second, third)
        a = (a &- b &- c) ^ (c >> 13)
        b = (b &- c &- a) ^ (a << 8)
        c = (c &- a &- b) ^ (b >> 13)
        a = (a &- b &- c) ^ (c >> 12)
        b = (b &- c &- a) ^ (a << 16)
        c = (c &- a &- b) ^ (b >> 5)
        a = (a &- b &- c) ^ (c >> 3)
        b = (b &- c &- a) ^ (a << 10)
        c = (c &- a &- b) ^ (b >> 15)
        return (a, b, c)
    }

    /// The hash of any number of words, `jhash2` of 2.6.36.
    static func array(_ words: [UInt32], seed: UInt32) -> UInt32 {
        var state = (Jhash.goldenRatio, Jhash.goldenRatio, seed)
        var rest = words[...]
        while rest.count >= 3 {
            Jhash.add(rest.prefix(3), to: &state)
            state = mix(state.0, state.1, state.2)
            rest = rest.dropFirst(3)
        }
        state.2 &+= UInt32(truncatingIfNeeded: words.count) << 2
        Jhash.add(rest, to: &state)
        return mix(state.0, state.1, state.2).2
    }
}
