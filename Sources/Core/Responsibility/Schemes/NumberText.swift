/// Numbers as nft, iptables and C read them: `0x2a` is hexadecimal, `052` octal, everything else decimal.
///
/// Source: nftables' scanner, and `xtables_strtoui`, which leave the base to strtoul(3).
public enum NumberText {
    /// The number of 32 bits that a text is; nil when it is none.
    public static func parse(_ text: some StringProtocol) -> UInt32? {
        let utf8 = Array(text.utf8)
        guard utf8.allSatisfy({ $0.isHexDigit || $0 | 0x20 == UInt8(ascii: "x") }), let first = utf8.first else {
            return nil
        }
        if first == UInt8(ascii: "0"), utf8.count > 1 {
            let isHex = utf8[1] | 0x20 == UInt8(ascii: "x")
            return UInt32(text.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 8)
        }
        return UInt32(text)
    }
}

extension UInt8 {
    /// Whether it is an ASCII digit.
    @inlinable package var isDigit: Bool { self &- UInt8(ascii: "0") <= 9 }

    /// Whether it is a hexadecimal ASCII digit.
    @inlinable package var isHexDigit: Bool { isDigit || (self | 0x20) &- UInt8(ascii: "a") <= 5 }
}
