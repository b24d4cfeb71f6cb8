import Responsibility

/// A flow as a person types it: "tcp 10.9.1.2:4242 10.8.0.1:7777", "10.9.1.2 4242", "udp [2001:db8::2]:53 2001:db8::1".
///
/// The protocol may be left out (TCP), and so may the destination where one is known, and ports.
public struct TypedFlow: Hashable, Sendable {
    /// The flow; ports that were left out are 0.
    public var flow: Flow
    /// The ports that were left out and that the protocol has.
    public var missingPorts: HashedPorts

    private typealias End = (address: IPAddress, port: UInt16?)

    /// Reads a flow; without a destination in the text it goes to this one.
    public init(_ text: String, destination: IPAddress? = nil) throws(TypedFlowError) {
        var words = text.split { " ,>→".contains($0) }.map(String.init).filter { $0 != "-" && $0 != "--" }
        var transport = TransportProtocol.tcp
        if let first = words.first, !Self.isAddress(first) {
            guard let named = TransportProtocol(first) else { throw .transport(Self.part(first)) }
            transport = named
            words.removeFirst()
        }
        guard let source = try Self.takeEnd(&words) else { throw .sourceMissing }
        guard let target = try Self.takeEnd(&words) ?? destination.map({ ($0, nil) }) else { throw .destinationMissing }
        if let extra = words.first { throw .extra(Self.part(extra)) }
        switch (source.address, target.address) {
        case (.v4, .v4), (.v6, .v6): break
        default: throw .mixedFamilies(source.address, target.address)
        }
        flow = Flow(
            transport: transport, source: source.address, sourcePort: source.port ?? 0, destination: target.address,
            destinationPort: target.port ?? 0)
        missingPorts = []
        guard transport.portsOffset != nil else { return }
        if source.port == nil { missingPorts.insert(.source) }
        if target.port == nil { missingPorts.insert(.destination) }
    }

    private static func isAddress(_ word: String) -> Bool { word.contains(".") || word.contains(":") }

    /// An address with its port behind a colon or as the next word: `10.9.1.2:80`, `10.9.1.2 80`, `[2001:db8::1]:80`.
    private static func takeEnd(_ words: inout [String]) throws(TypedFlowError) -> End? {
        guard !words.isEmpty else { return nil }
        let (address, typed) = try split(words.removeFirst())
        if let typed { return (address, typed.isEmpty ? nil : try port(typed)) }
        guard let next = words.first, !isAddress(next) else { return (address, nil) }
        words.removeFirst()
        return (address, try port(next))
    }

    private static func split(_ word: String) throws(TypedFlowError) -> (IPAddress, String?) {
        var (text, port) = (Substring(word), Substring?.none)
        if word.hasPrefix("["), let close = word.firstIndex(of: "]") {
            text = word[word.index(after: word.startIndex)..<close]
            let rest = word[word.index(after: close)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw .address(part(word)) }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if word.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1, let colon = word.firstIndex(of: ":") {
            text = word[..<colon]
            port = word[word.index(after: colon)...]
        }
        guard let address = IPAddress(String(text)) else { throw .address(part(String(text))) }
        return (address, port.map(String.init))
    }

    private static func port(_ text: String) throws(TypedFlowError) -> UInt16 {
        guard text.utf8.count <= 5, text.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(text) else {
            throw .port(part(text))
        }
        return port
    }

    /// What of a text may stand in an error: printable ASCII, at most 48 characters.
    private static func part(_ text: String) -> String {
        String(text.unicodeScalars.prefix(48).map { (0x20..<0x7F).contains($0.value) ? Character($0) : "?" })
    }
}

/// Why a typed text is no flow.
public enum TypedFlowError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The first word is neither an address nor a protocol.
    case transport(String)
    /// There is no source.
    case sourceMissing
    /// There is no destination, and none is known.
    case destinationMissing
    /// Not an address.
    case address(String)
    /// Not a port.
    case port(String)
    /// One IPv4 and one IPv6 address.
    case mixedFamilies(IPAddress, IPAddress)
    /// A word behind the destination.
    case extra(String)

    /// One sentence that names the value and says what would be right.
    public var description: String {
        switch self {
        case .transport(let word): "\"\(word)\" is not a protocol: write tcp, udp, sctp, icmp … or its number"
        case .sourceMissing: "type a source address such as 10.9.1.2:4242"
        case .destinationMissing: "type a destination behind the source, such as 10.8.0.1:80"
        case .address(let word): "\"\(word)\" is not an address: write one such as 10.9.1.2 or 2001:db8::1"
        case .port(let word): "\"\(word)\" is no port: write 0 to 65535"
        case .mixedFamilies(let source, let destination):
            "\(source) and \(destination) are of two address families"
        case .extra(let word): "\"\(word)\" is one word too many"
        }
    }
}
