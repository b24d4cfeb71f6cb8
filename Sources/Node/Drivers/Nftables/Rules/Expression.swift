import CNetfilter

/// One step of a rule, as the kernel's nf_tables machine runs it; a rule stops at the first step that does not match.
///
/// Source: include/uapi/linux/netfilter/nf_tables.h.
enum Expression: Hashable {
    /// Loads bytes of the packet, counted from the start of a header, into a register.
    case payload(nft_payload_bases, offset: UInt32, length: UInt32, Register)
    /// Writes a register over bytes of the packet, without touching checksums.
    case writePayload(nft_payload_bases, offset: UInt32, length: UInt32, Register)
    /// Turns a 32-bit register from network to host byte order in place.
    case hostOrder(Register)
    /// `jhash` of the first bytes of the input registers, scaled to 0…`modulus` - 1 and moved up, into the bucket register.
    case hash(length: UInt32, modulus: UInt32, seed: UInt32, offset: UInt32)
    /// Matches when the register is in the set, and counts there when the set's elements have counters.
    case lookup(String, Register)
    /// Matches when the register is not in the set.
    case absent(String, Register)
    /// Puts the register into the set for so many milliseconds, or for so many more.
    case update(String, Register, milliseconds: UInt64)
    /// Counts the packet in the set at the register, which is put in when it is not there yet, for so many milliseconds; 0:
    /// for good. It does not match when the set is full.
    case count(String, Register, milliseconds: UInt64 = 0)
    /// Matches when the register's first bytes are, or are not, these.
    case compare(Register, equal: Bool, [UInt8])
    /// Keeps only these bits of a register, in place.
    case mask(Register, UInt32)
    /// Loads fixed bytes into a register.
    case immediate([UInt8], Register)
    /// Loads a fact about the packet.
    case meta(nft_meta_keys, Register)
    /// Sets a fact about the packet.
    case setMeta(nft_meta_keys, Register)
    /// Loads a fact about the packet's connection.
    case connection(nft_ct_keys, Register)
    /// Sets a fact about the packet's connection.
    case setConnection(nft_ct_keys, Register)
    /// Ends the rule with a verdict.
    case verdict(Verdict)

    /// What a rule decides.
    enum Verdict: Hashable {
        case accept
        case drop
        case goto(String)
    }

    /// The registers used, by the numbers that the kernel shows again when it dumps a rule.
    enum Register: UInt32 {
        /// The first word of the hash's input: the source address.
        case input = 1
        /// The second word: the source port.
        case sourcePort = 9
        /// The third word: the destination port.
        case destinationPort = 10
        /// The bucket.
        case bucket = 2
        /// For comparisons.
        case scratch = 3
    }
}
