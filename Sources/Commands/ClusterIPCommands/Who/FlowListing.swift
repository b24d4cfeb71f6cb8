import FlowReading
import Responsibility

/// Flows with their buckets as lines of CSV or NDJSON, written in large blocks, millions of lines a second.
struct FlowListing {
    /// How many bytes are written at once, about.
    private static let size = 1 << 18

    /// The columns of a flow.
    private static let columns = ["protocol", "source", "source_port", "destination", "destination_port"]

    private let form: ListingForm
    private var buffer: [UInt8]
    private var filled = 0

    /// Begins a listing; with owners each line names the bucket's.
    init(format: OutputFormat, scheme: HashScheme?, owners: OwnerMap?) {
        form = ListingForm(format: format, scheme: scheme, owners: owners)
        buffer = [UInt8](repeating: 0, count: Self.size + form.lineRoom)
        if format.isCSV { add(CSV.line(Self.columns + ["bucket"] + (owners == nil ? [] : ["owner"]))) }
    }

    /// Adds some of the IPv4 flows of a batch, which are placed in these buckets.
    mutating func add(_ batch: FlowBatch, _ range: Range<Int>, _ buckets: [UInt32]) {
        var next = range.lowerBound
        while next < range.upperBound {
            next = write(batch, next..<range.upperBound, buckets)
            if filled >= Self.size { flush() }
        }
    }

    /// Adds a flow of any kind; an owner is nil when nobody answers.
    mutating func add(_ flow: Flow, hasDestination: Bool, _ bucket: Int, _ owner: String?) {
        add(form.line(flow, hasDestination: hasDestination, bucket, owner))
    }

    /// Writes what is held back to standard output.
    mutating func flush() {
        buffer.withUnsafeBytes { CommandIO.write(UnsafeRawBufferPointer(rebasing: $0[..<filled])) }
        filled = 0
    }

    private mutating func add(_ text: String) {
        if filled + text.utf8.count > buffer.count { flush() }
        guard text.utf8.count <= buffer.count else { return CommandIO.print(text) }
        buffer.replaceSubrange(filled..<filled + text.utf8.count, with: text.utf8)
        filled += text.utf8.count
    }

    /// Writes lines until the buffer is full; returns the index of the first that is left.
    private mutating func write(_ batch: FlowBatch, _ range: Range<Int>, _ buckets: [UInt32]) -> Int {
        let (form, start) = (form, filled)
        var index = range.lowerBound
        filled = buffer.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return start }
            var text = base + start
            batch.withFlows { flows in
                form.withTables { tables in
                    while index < range.upperBound, text - base < Self.size {
                        tables.put(flows, index, buckets[index], at: &text)
                        index += 1
                    }
                }
            }
            return text - base
        }
        return index
    }
}

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
    init(format: OutputFormat, scheme: HashScheme?, owners map: OwnerMap?) {
        self.format = format
        hasOwners = map != nil
        pieces = (Self.between[format.isCSV ? .csv : .ndjson] ?? []).map(ListingPiece.init)
        let nodes = map?.nodes ?? []
        let first = scheme?.firstBucket ?? 1
        firstBucket = UInt32(truncatingIfNeeded: first)
        owners =
            map.map { map in
                (0..<Int(scheme?.bucketCount ?? 0)).map { map.index(ofOwner: first + $0) ?? nodes.count }
            } ?? []
        ends = (nodes + [nil]).map { [hasOwners] in Array(Self.end($0, format, hasOwners).utf8) }
        lineRoom = 256 + (ends.map(\.count).max() ?? 0)
    }

    /// A line of any flow.
    func line(_ flow: Flow, hasDestination: Bool, _ bucket: Int, _ owner: String?) -> String {
        let values = [
            flow.transport.description, "\(flow.source)", String(flow.sourcePort),
            hasDestination ? "\(flow.destination)" : "",
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

/// Text of up to 32 bytes between the values of a line, which is written as a whole and counted by its length.
struct ListingPiece {
    private let bytes: SIMD32<UInt8>
    private let count: Int

    /// A text; what is beyond 32 bytes is cut.
    init(_ text: String) {
        let utf8 = Array(text.utf8.prefix(32))
        count = utf8.count
        bytes = SIMD32(utf8 + repeatElement(0, count: 32 - utf8.count))
    }

    /// Writes it to memory that has room for 32 bytes.
    @inline(__always)
    func put(at text: inout UnsafeMutableRawPointer) {
        text.storeBytes(of: bytes, as: SIMD32<UInt8>.self)
        text += count
    }
}

/// The tables of a `ListingForm` while lines are written.
struct ListingTables {
    let pieces: UnsafeBufferPointer<ListingPiece>
    let names: UnsafeBufferPointer<ListingPiece>
    let octets: UnsafeBufferPointer<UInt64>
    let owners: UnsafeBufferPointer<Int>
    let ends: [[UInt8]]
    let firstBucket: UInt32

    /// Writes the line of an IPv4 flow in its bucket; there must be the form's `lineRoom`.
    @inline(__always)
    func put(_ flows: FlowPointers, _ index: Int, _ bucket: UInt32, at text: inout UnsafeMutableRawPointer) {
        pieces[0].put(at: &text)
        names[Int(flows.transports[index])].put(at: &text)
        pieces[1].put(at: &text)
        DecimalText.put(address: flows.sources[index], at: &text, octets)
        pieces[2].put(at: &text)
        DecimalText.put(UInt32(flows.sourcePorts[index]), at: &text)
        pieces[3].put(at: &text)
        DecimalText.put(address: flows.destinations[index], at: &text, octets)
        pieces[4].put(at: &text)
        DecimalText.put(UInt32(flows.destinationPorts[index]), at: &text)
        pieces[5].put(at: &text)
        DecimalText.put(bucket, at: &text)
        let end = ends[owners.isEmpty ? 0 : owners[Int(bucket &- firstBucket)]]
        end.withUnsafeBytes { text.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(text), byteCount: $0.count) }
        text += end.count
    }
}
