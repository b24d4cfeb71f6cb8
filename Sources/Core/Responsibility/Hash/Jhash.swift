/// Jenkins' hashes as the kernel computes them: `jhash_1word` … `jhash_3words`, `jhash2` and `jhash`.
///
/// Source: include/linux/jhash.h.
public enum Jhash {
    /// The arbitrary starting value of lookup3, `JHASH_INITVAL`.
    public static let initialValue: UInt32 = 0xdead_beef

    /// The arbitrary starting value of lookup2, `JHASH_GOLDEN_RATIO`.
    public static let goldenRatio: UInt32 = 0x9e37_79b9

    /// The hash of the first `count` (1–3) of three words with a seed: `jhash_1word`, `jhash_2words`, `jhash_3words`.
    ///
    /// Words beyond `count` must be 0.
    @inlinable
    public static func words(
        _ a: UInt32, _ b: UInt32 = 0, _ c: UInt32 = 0, count: Int, seed: UInt32, generation: JhashGeneration = .lookup3
    ) -> UInt32 {
        switch generation {
        case .lookup3:
            let start = initialValue &+ UInt32(truncatingIfNeeded: count) << 2 &+ seed
            return finalMix(a &+ start, b &+ start, c &+ start)
        case .lookup3WithoutLength:
            return finalMix(a &+ initialValue, b &+ initialValue, c &+ seed)
        case .lookup2:
            return Lookup2.mix(a &+ goldenRatio, b &+ goldenRatio, c &+ seed).2
        }
    }

    /// The hash of any number of words with a seed, `jhash2`; the length enters it in every generation.
    public static func array(_ words: [UInt32], seed: UInt32, generation: JhashGeneration = .lookup3) -> UInt32 {
        guard generation != .lookup2 else { return Lookup2.array(words, seed: seed) }
        let start = initialValue &+ UInt32(truncatingIfNeeded: words.count) << 2 &+ seed
        var state = (start, start, start)
        var rest = words[...]
        while rest.count > 3 {
            add(rest.prefix(3), to: &state)
            state = mix(state.0, state.1, state.2)
            rest = rest.dropFirst(3)
        }
        guard !rest.isEmpty else { return state.2 }
        add(rest, to: &state)
        return finalMix(state.0, state.1, state.2)
    }

    /// The hash of any number of bytes with a seed, `jhash`, as lookup3 has it (Linux ≥ 2.6.37).
    ///
    /// All bytes but the last 1–12 are loaded as words in the processor's order; the last ones as little-endian words
    /// everywhere, so that keys of up to 12 bytes hash alike on all machines.
    public static func bytes(_ bytes: [UInt8], seed: UInt32, byteOrder: ByteOrder = .little) -> UInt32 {
        let start = initialValue &+ UInt32(truncatingIfNeeded: bytes.count) &+ seed
        var state = (start, start, start)
        var rest = bytes[...]
        while rest.count > 12 {
            add(littleEndianWords(rest.prefix(12)).map { byteOrder == .little ? $0 : $0.byteSwapped }[...], to: &state)
            state = mix(state.0, state.1, state.2)
            rest = rest.dropFirst(12)
        }
        guard !rest.isEmpty else { return state.2 }
        add(littleEndianWords(rest)[...], to: &state)
        return finalMix(state.0, state.1, state.2)
    }

    /// The final mix of lookup3, `__jhash_final`.
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

    /// The mix of lookup3 between two groups of three words, `__jhash_mix`.
    static func mix(_ first: UInt32, _ second: UInt32, _ third: UInt32) -> (UInt32, UInt32, UInt32) {
        var (a, b, c) = (first, second, third)
        a = (a &- c) ^ rotated(c, 4)
        c = c &+ b
        b = (b &- a) ^ rotated(a, 6)
        a = a &+ c
        c = (c &- b) ^ rotated(b, 8)
        b = b &+ a
        a = (a &- c) ^ rotated(c, 16)
        c = c &+ b
        b = (b &- a) ^ rotated(a, 19)
        a = a &+ c
        c = (c &- b) ^ rotated(b, 4)
        b = b &+ a
        return (a, b, c)
    }

    /// Rotation to the left by 1–31 bits.
    @inlinable
    static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 { word << bits | word >> (32 - bits) }

    /// Adds up to three words to the state's three, in order.
    static func add(_ words: ArraySlice<UInt32>, to state: inout (UInt32, UInt32, UInt32)) {
        for (position, word) in words.enumerated() {
            switch position {
            case 0: state.0 &+= word
            case 1: state.1 &+= word
            default: state.2 &+= word
            }
        }
    }

    private static func littleEndianWords(_ bytes: ArraySlice<UInt8>) -> [UInt32] {
        var words = [UInt32](repeating: 0, count: (bytes.count + 3) / 4)
        for (position, byte) in bytes.enumerated() { words[position / 4] |= UInt32(byte) << UInt32(position % 4 * 8) }
        return words
    }
}

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
