import ClusterModel
import Glibc
import Responsibility

/// Turns names of hosts and services in a typed flow into addresses and ports, where each is exactly one.
enum HostNames {
    /// The words of a flow with numbers in place of names.
    ///
    /// - Throws: `CommandError` that names a host that is unknown or has several addresses, or a service that is unknown.
    static func resolved(_ words: [String]) throws(CommandError) -> [String] {
        let words = words.flatMap { $0.split(separator: " ").map(String.init) }
        let transport = words.first.flatMap { TransportProtocol($0) }
        var resolved: [String] = []
        for (index, word) in words.enumerated() {
            let isProtocol = index == 0 && transport != nil
            resolved.append(isProtocol ? word : try self.word(word, transport ?? .tcp, isFirst: resolved.isEmpty))
        }
        return resolved
    }

    private static func word(
        _ word: String, _ transport: TransportProtocol, isFirst: Bool
    ) throws(CommandError) -> String {
        guard hasLetters(word), !word.hasPrefix("["), IPAddress(word) == nil else { return word }
        let sides = word.split(separator: ":", omittingEmptySubsequences: false)
        guard sides.count <= 2 else { return word }
        let isHost = sides[0].contains(".") && hasLetters(String(sides[0]))
        if sides.count == 1, !isHost { return isFirst ? word : try port(word, transport) ?? word }
        let host = isHost ? try address(String(sides[0])) : String(sides[0])
        guard sides.count == 2 else { return host }
        let service = String(sides[1])
        return host + ":" + (hasLetters(service) ? try port(service, transport) ?? service : service)
    }

    private static func hasLetters(_ text: String) -> Bool {
        text.utf8.contains { ($0 | 0x20) &- UInt8(ascii: "a") < 26 }
    }

    /// The port of a service by /etc/services; nil when it has none.
    private static func port(_ service: String, _ transport: TransportProtocol) throws(CommandError) -> String? {
        guard let entry = getservbyname(service, transport.description) else { return nil }
        return String(UInt16(truncatingIfNeeded: entry.pointee.s_port).byteSwapped)
    }

    /// The only address of a host; an IPv6 address stands in brackets.
    private static func address(_ host: String) throws(CommandError) -> String {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else {
            throw CommandError("\"\(host.madeSafe(limit: 60))\" is no address, and no host of this name is known")
        }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var entry = list
        while let next = entry {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let status = getnameinfo(
                next.pointee.ai_addr, next.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            let address = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if status == 0, !addresses.contains(address) { addresses.append(address) }
            entry = next.pointee.ai_next
        }
        guard addresses.count == 1 else {
            throw CommandError(
                "\"\(host.madeSafe(limit: 60))\" has several addresses: write one of \(addresses.joined(separator: ", "))"
            )
        }
        return addresses[0].contains(":") ? "[\(addresses[0])]" : addresses[0]
    }
}
