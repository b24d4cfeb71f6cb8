import Responsibility
import Testing

/// Which packet's fields enter an nft hash, and the last result that the kernel allows.
@Suite struct NftHashFieldTests {
    private static let flow = Flow(
        transport: .tcp, source: IPv4Address(10, 8, 0, 1), sourcePort: 80, destination: IPv4Address(10, 9, 0, 7),
        destinationPort: 40000)
    private static let original = Flow(
        transport: .tcp, source: IPv4Address(10, 9, 0, 7), sourcePort: 40000,
        destination: IPv4Address(10, 8, 0, 1), destinationPort: 80)

    /// `ct original` is the connection's first direction, also in a reply; `ip` is the packet in hand.
    @Test(arguments: [
        (NftKeyField.originalSource, [10, 9, 0, 7]), (.originalDestination, [10, 8, 0, 1]),
        (.originalIPSource, [10, 9, 0, 7]), (.originalIPDestination, [10, 8, 0, 1]), (.ipSource, [10, 8, 0, 1]),
        (.ipDestination, [10, 9, 0, 7]),
    ])
    func theDirectionOfAField(_ field: NftKeyField, _ bytes: [UInt8]) throws {
        let hash = try NftHash(fields: [field], modulus: 4, seed: 1)
        #expect(try hash.key(of: Self.flow, original: Self.original) == bytes)
    }

    /// nft_hash.c refuses a sum that wraps round, not one that reaches the largest number.
    @Test func theLargestResultIsAllowed() throws {
        let hash = try NftHash(fields: [.ipSource], modulus: 2, seed: 1, offset: .max - 1)
        #expect([Int(UInt32.max) - 1, Int(UInt32.max)].contains(try hash.value(of: Self.flow)))
        #expect(throws: NftHashError.rangeTooLarge) {
            try NftHash(fields: [.ipSource], modulus: 2, seed: 1, offset: .max)
        }
    }
}
