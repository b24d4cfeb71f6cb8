import Responsibility

/// Flows with their buckets as lines of CSV or NDJSON, written in large blocks, millions of lines a second.
struct FlowListing {
    /// How many bytes are written at once, about.
    private static let size = 1 << 18

    private let form: ListingForm
    private var buffer: [UInt8]
    private var filled = 0

    /// Begins a listing; with owners each line names the bucket's.
    init(format: OutputFormat, scheme: HashScheme, owners: OwnerMap?) {
        form = ListingForm(format: format, scheme: scheme, owners: owners)
        buffer = [UInt8](repeating: 0, count: Self.size + form.lineRoom)
        if format.isCSV { add(CSV.line(BatchRow.flowColumns + ["bucket"] + (owners == nil ? [] : ["owner"]))) }
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
    mutating func add(_ flow: Flow, _ bucket: Int, _ owner: String?) { add(form.line(flow, bucket, owner)) }

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
