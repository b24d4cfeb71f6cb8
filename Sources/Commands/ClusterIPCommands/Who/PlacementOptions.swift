import ArgumentParser
import ClusterModel
import Responsibility

/// A placement given on the command line, for answers without a cluster.
struct PlacementOptions: ParsableArguments {
    @Option(help: "Offline: what is hashed: sourceip, sourceip-sourceport or sourceip-sourceport-destport.")
    var hashmode: String?

    @Option(help: "Offline: the number of buckets, 1 to 65536.")
    var totalNodes: String?

    @Option(help: "Offline: the seed, decimal or 0x hex.")
    var hashInit: String?

    /// Whether any of the three was given.
    var isGiven: Bool { hashmode != nil || totalNodes != nil || hashInit != nil }

    /// The placement when all three are given; nil when none is.
    func placement() throws(CommandError) -> Placement? {
        guard isGiven else { return nil }
        guard let hashmode, let totalNodes else {
            throw CommandError("an offline answer needs --hashmode and --total-nodes (and --hash-init, else 0)")
        }
        return Placement(
            mode: try PlacementText.mode(hashmode), totalNodes: try PlacementText.totalNodes(totalNodes),
            hashInit: try PlacementText.hashInit(hashInit ?? "0"))
    }
}

/// Reads the parts of a placement.
enum PlacementText {
    /// A hash mode by its iptables name.
    static func mode(_ text: String) throws(CommandError) -> HashMode {
        guard let mode = HashMode(rawValue: text) else {
            throw CommandError(
                "\"\(text.madeSafe(limit: 60))\" is no hash mode: there are \(HashMode.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return mode
    }

    /// A number of buckets.
    static func totalNodes(_ text: String) throws(CommandError) -> UInt32 {
        guard let number = UInt32(text), (1...65536).contains(number) else {
            throw CommandError("\"\(text.madeSafe(limit: 20))\" is no number of buckets: 1 to 65536 are possible")
        }
        return number
    }

    /// A seed, decimal or hexadecimal.
    static func hashInit(_ text: String) throws(CommandError) -> UInt32 {
        let isHex = text.hasPrefix("0x") || text.hasPrefix("0X")
        guard let number = isHex ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text) else {
            throw CommandError("\"\(text.madeSafe(limit: 20))\" is no seed: 0 to 4294967295, or 0x and hex digits")
        }
        return number
    }
}
