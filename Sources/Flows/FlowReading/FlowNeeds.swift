import Responsibility

/// What a line must say of a flow, so that the scheme it is read for can place it.
///
/// Source: the scheme, `HashScheme.needs`.
public struct FlowNeeds: Hashable, Sendable {
    /// The ports that a flow must have when its protocol has ports; a missing one that is not needed is 0.
    public var ports: HashedPorts
    /// Whether the destination address is hashed.
    public var destination: Bool
    /// The destination that is meant where a line has none, as in the log of a web server; nil when none is known.
    public var knownDestination: IPAddress?

    /// Needs; by default of a scheme that hashes both ports and not the destination address.
    public init(ports: HashedPorts = .both, destination: Bool = false, knownDestination: IPAddress? = nil) {
        self.ports = ports
        self.destination = destination
        self.knownDestination = knownDestination
    }
}

extension HashScheme {
    /// What it needs to know of a flow; `destination` is where flows go whose lines do not say it.
    public func needs(to destination: IPAddress? = nil) -> FlowNeeds {
        var hashesDestination = false
        if case .nft(let expression) = self {
            hashesDestination = expression.parts.contains(where: \.hasDestination)
        }
        return FlowNeeds(ports: ports, destination: hashesDestination, knownDestination: destination)
    }
}

extension NftKeyPart {
    /// Whether bytes of the destination address may be in it.
    fileprivate var hasDestination: Bool {
        switch source {
        case .field(let field):
            [
                .ipDestination, .ip6Destination, .originalDestination, .originalIPDestination,
                .originalIP6Destination,
            ].contains(field)
        case .bytes(let header, let offset, let count): header == .network && offset + count > 16
        }
    }
}

extension FlowRecord {
    /// A record of a flow whose line may have no destination.
    ///
    /// Without one it goes to the known destination, or to the unspecified address, and `hasDestination` is false.
    init(
        _ transport: TransportProtocol, from source: (address: IPAddress, port: UInt16?),
        to destination: (address: IPAddress?, port: UInt16?), format: FlowLineFormat, needs: FlowNeeds, line: Bytes
    ) throws(FlowLineError) {
        let known =
            destination.address ?? needs.knownDestination.flatMap { $0.family == source.address.family ? $0 : nil }
        guard known != nil || !needs.destination else { throw FlowLineError(.missing(field: "destination"), line) }
        let none: IPAddress =
            source.address.family == .v4 ? .v4(IPv4Address(number: 0)) : .v6(IPv6Address(high: 0, low: 0))
        let flow = try Flow(
            transport: transport, from: source, to: (known ?? none, destination.port), line: line, needing: needs.ports)
        self.init(flow: flow, format: format)
        hasDestination = known != nil
    }
}
