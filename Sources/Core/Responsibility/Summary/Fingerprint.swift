/// Well mixed 64-bit fingerprints of flows, for counting distinct ones; not for anything that must resist an attacker.
enum Fingerprint {
    /// Of an IPv4 flow by its columns.
    @inline(__always)
    static func of(
        _ source: UInt32, _ sourcePort: UInt16, _ destination: UInt32, _ destinationPort: UInt16, _ transport: UInt8
    ) -> UInt64 {
        let addresses = UInt64(source) << 32 | UInt64(destination)
        let rest = UInt64(sourcePort) << 32 | UInt64(destinationPort) << 16 | UInt64(transport)
        return mix(addresses, rest)
    }

    /// Of a flow of either family.
    static func of(_ flow: Flow) -> UInt64 {
        if case .v4(let source) = flow.source, case .v4(let destination) = flow.destination {
            return of(
                source.number, flow.sourcePort, destination.number, flow.destinationPort, flow.transport.rawValue)
        }
        let ports = UInt64(flow.sourcePort) << 32 | UInt64(flow.destinationPort) << 16
        return mix(mix(half(flow.source), half(flow.destination)), ports | UInt64(flow.transport.rawValue))
    }

    /// Two words stirred into one: a wide multiplication folded, twice.
    @inline(__always)
    static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        fold(fold(left ^ 0x2d35_8dcc_aa6c_78a5, right ^ 0x8bb8_4b93_962e_acc9), 0x4b33_a62e_d433_d4a3)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    private static func half(_ address: IPAddress) -> UInt64 {
        switch address {
        case .v4(let address): UInt64(address.number)
        case .v6(let address): mix(address.high, address.low)
        }
    }
}
