import ClusterModel
import Responsibility

/// Reads the parts of a placement.
enum PlacementText {
    /// A hash mode by its iptables name.
    static func mode(_ text: String) throws(CommandError) -> HashMode {
        guard let mode = HashMode(rawValue: text) else {
            throw CommandError(
                "\"\(text.madeSafe(limit: 60))\" is not a hash mode: there are \(HashMode.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return mode
    }

    /// A number of buckets.
    static func totalNodes(_ text: String) throws(CommandError) -> UInt32 {
        guard let number = UInt32(text), (1...65536).contains(number) else {
            throw CommandError("\"\(text.madeSafe(limit: 20))\" is not a number of buckets: 1 to 65536 are possible")
        }
        return number
    }

    /// A seed, decimal or hexadecimal.
    static func hashInit(_ text: String) throws(CommandError) -> UInt32 {
        let isHex = text.hasPrefix("0x") || text.hasPrefix("0X")
        guard let number = isHex ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text) else {
            throw CommandError("\"\(text.madeSafe(limit: 20))\" is not a seed: 0 to 4294967295, or 0x and hex digits")
        }
        return number
    }
}
