import Responsibility

/// What columns of tables and members of JSON objects mean, by the names that programs give them.
///
/// Names are compared without capitals, blanks and punctuation: `Src IP Addr`, `src_ip` and `source.ip` are three of many
/// for the source. Where several columns mean the same, the one that is named first here counts, if it has a value.
/// Source: Zeek's conn.log, Suricata's EVE, Amazon's VPC flow logs, nfdump, tshark's fields, the Elastic Common Schema.
public struct ColumnNames: Hashable, Sendable {
    /// The names, as they are written, that were said to mean a field; they come before the known ones.
    private var told: [String: FlowField] = [:]

    /// The names that are known.
    public init() {}

    /// The known names and those of a text `source=src_ip,destination=dst_ip`; throws what is wrong with it.
    public init(_ text: String) throws(ColumnNamesError) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2 else { throw .form(String(part)) }
            guard let field = FlowField(rawValue: sides[0]) ?? Self.known[Self.normal(sides[0].utf8)]?.field else {
                throw .field(sides[0])
            }
            told[sides[1]] = field
        }
    }

    /// A meaning of a name: a field, how far behind others of the same meaning it comes, and the protocol that the name
    /// implies.
    struct Meaning {
        var field: FlowField
        var rank: Int
        var transport: TransportProtocol?
    }

    /// What a name means; nil for nothing that matters.
    func meaning(of name: String) -> Meaning? {
        if let field = told[name] { return Meaning(field: field, rank: -1) }
        guard name.utf8.count <= 64 else { return nil }
        return Self.known[Self.normal(name.utf8)]
    }

    /// What the name of a member on the first level means, which is most often one of a few.
    func meaning(ofMember name: Bytes) -> Meaning? {
        guard told.isEmpty else { return meaning(of: name.text) }
        if let field = Self.usual.first(where: { name.equals($0.name) })?.field {
            return Meaning(field: field, rank: 0)
        }
        // No known name is so long, and none has other bytes; it is seldom worth a look.
        return name.count <= 64 ? Self.known[Self.normal(name)] : nil
    }

    private static let usual: [(name: StaticString, field: FlowField)] = [
        ("protocol", .transport), ("source", .source), ("source_port", .sourcePort), ("destination", .destination),
        ("destination_port", .destinationPort),
    ]

    private static func normal(_ name: some Sequence<UInt8>) -> String {
        String(
            decoding: name.compactMap { byte -> UInt8? in
                let lower = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
                return lower &- UInt8(ascii: "a") < 26 || lower.isDigit ? lower : nil
            }, as: UTF8.self)
    }

    private static let fields: [FlowField: String] = [
        .transport:
            "protocol proto ipprotocol ipproto ipv6nxt networktransport transport prot pr l4proto transportprotocol"
            + " layersipipproto ipipproto ipv6ipv6nxt layersipv6ipv6nxt networkiananumber protocolidentifier",
        .source:
            "source src srcip sourceip srcaddr sourceaddress sourceipaddress srcaddress saddr sip idorigh origh ipsrc src4addr src6addr"
            + " ipv6src srcipaddr sa clientip client clientaddress remoteaddr remoteip layersipipsrc ipipsrc"
            + " layersipv6ipv6src ipv6ipv6src sourceipv4address sourceipv6address origsrc",
        .sourcePort:
            "sourceport srcport sport spt srcpt sp idorigp origp clientport remoteport sourcetransportport origsport",
        .destination:
            "destination dst dstip destip destinationip dstaddr destaddr destinationaddress destinationipaddress"
            + " dstaddress daddr dip dest idresph resph ipdst dst4addr dst6addr ipv6dst dstipaddr da serverip server serveraddress"
            + " layersipipdst ipipdst layersipv6ipv6dst ipv6ipv6dst destinationipv4address destinationipv6address"
            + " origdst",
        .destinationPort:
            "destinationport dstport destport dport dpt dstpt dp idrespp respp serverport destinationtransportport"
            + " origdport",
        .hashMode: "hashmode", .bucketCount: "totalnodes", .seed: "hashinit", .mark: "mark ctmark connmark",
        .packets: "packets pkts ipkt packettotalcount", .bytes: "bytes octets ibyt octettotalcount", .bucket: "bucket",
        .fragment:
            "fragmentoffset ipfragoffset ipflagsmf ipv6fraghdroffset ipv6fraghdrmore ipipfragoffset ipipflagsmf"
            + " ipv6fraghdripv6fraghdroffset ipv6fraghdripv6fraghdrmore",
    ]

    private static let known: [String: Meaning] = {
        var known: [String: Meaning] = [:]
        for (field, names) in fields {
            for (rank, name) in names.split(separator: " ").enumerated() {
                known[String(name)] = Meaning(field: field, rank: rank)
            }
        }
        for (rank, protocols) in [("tcp", TransportProtocol.tcp), ("udp", .udp), ("sctp", .sctp), ("dccp", .dccp)]
            .enumerated()
        {
            for prefix in ["", protocols.0, "layers\(protocols.0)\(protocols.0)"] {
                for (end, field) in [("srcport", FlowField.sourcePort), ("dstport", .destinationPort)] {
                    known["\(prefix)\(protocols.0)\(end)"] = Meaning(
                        field: field, rank: 50 + rank, transport: protocols.1)
                }
            }
        }
        return known
    }()
}

/// Why a text does not say what columns mean.
///
/// Source: this library.
public enum ColumnNamesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A part that is not `FIELD=NAME`.
    case form(String)
    /// The left side is no field.
    case field(String)

    /// One sentence that says what is wrong and what would be right.
    public var description: String {
        switch self {
        case .form(let part): "\"\(part)\" does not say what a column means: write source=src_ip,destination=dst_ip"
        case .field(let name):
            "\"\(name)\" is no field: there are " + FlowField.allCases.map(\.rawValue).joined(separator: ", ")
        }
    }
}
