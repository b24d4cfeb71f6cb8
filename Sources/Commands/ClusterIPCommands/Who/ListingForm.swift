import Responsibility

/// The form of a listing's lines: what stands between the values.
struct ListingForm {
    /// The most bytes that a line, and what is written beyond it, may have.
    let lineRoom: Int

    private let format: OutputFormat
    private let hasOwners: Bool
    /// What stands in front of the protocol, the source, its port, the destination, its port, and the bucket.
    private let pieces: [ListingPiece]
    /// The protocols' names by number.
    private let names = (UInt8.min...UInt8.max).map { ListingPiece(TransportProtocol(rawValue: $0).description) }
    /// What follows a bucket: for each node, and last for no node.
    private let ends: [[UInt8]]
    private let firstBucket: UInt32
    /// Which of the ends a bucket has, first bucket first.
    private let owners: [Int]

    private static let between = [
        OutputFormat.csv: ["", ",", ",", ",", ",", ","],
        .ndjson: [
            "{\"protocol\":\"", "\",\"source\":\"", "\",\"source_port\":", ",\"destination\":\"",
            "\",\"destination_port\":", ",\"bucket\":",
        ],
    ]

    /// The form of lines of CSV or NDJSON, with the bucket's owner where owners are known.
    init(format: OutputFormat, scheme: HashScheme, owners map: OwnerMap?) {
        self.format = format
        hasOwners = map != nil
        pieces = (Self.between[format.isCSV ? .csv : .ndjson] ?? []).map(ListingPiece.init)
        let nodes = map?.nodes ?? []
        firstBucket = UInt32(truncatingIfNeeded: scheme.firstBucket)
        owners =
            map.map { map in
                (0..<Int(scheme.bucketCount)).map { map.index(ofOwner: scheme.firstBucket + $0) ?? nodes.count }
            } ?? []
        ends = (nodes + [nil]).map { [hasOwners] in Array(Self.end($0, format, hasOwners).utf8) }
        lineRoom = 256 + (ends.map(\.count).max() ?? 0)
    }

    /// A line of any flow.
    func line(_ flow: Flow, _ bucket: Int, _ owner: String?) -> String {
        let values = [
            flow.transport.description, "\(flow.source)", String(flow.sourcePort), "\(flow.destination)",
            String(flow.destinationPort), String(bucket),
        ]
        let texts = Self.between[format.isCSV ? .csv : .ndjson] ?? []
        return zip(texts, values).map { $0 + $1 }.joined() + Self.end(owner, format, hasOwners)
    }

    private static func end(_ owner: String?, _ format: OutputFormat, _ hasOwners: Bool) -> String {
        guard hasOwners else { return format.isCSV ? "\n" : "}\n" }
        return format.isCSV
            ? "," + CSV.cell(owner ?? "", format) + "\n"
            : ",\"owner\":\(owner.map(JSONText.quoted) ?? "null")}\n"
    }

    /// Calls `body` with the tables from which lines are written.
    func withTables(_ body: (ListingTables) -> Void) {
        let ends = ends
        pieces.withUnsafeBufferPointer { pieces in
            names.withUnsafeBufferPointer { names in
                DecimalText.octets.withUnsafeBufferPointer { octets in
                    owners.withUnsafeBufferPointer { owners in
                        body(
                            ListingTables(
                                pieces: pieces, names: names, octets: octets, owners: owners, ends: ends,
                                firstBucket: firstBucket))
                    }
                }
            }
        }
    }
}
