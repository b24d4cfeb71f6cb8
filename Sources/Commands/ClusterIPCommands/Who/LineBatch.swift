import Responsibility

/// A batch of lines as operators have them, each in whatever form: every flow comes out with its bucket.
struct LineBatch {
    private let format: OutputFormat
    private let basis: WhoBasis
    private let scheme: HashScheme
    private var parser = FlowParser()
    private var batch = FlowBatch()
    private var output: String

    /// How many lines could not be answered.
    private(set) var badLines = 0

    init(format: OutputFormat, basis: WhoBasis, scheme: HashScheme) {
        self.format = format
        self.basis = basis
        self.scheme = scheme
        let columns = BatchRow.flowColumns + ["bucket"] + (basis.owners == nil ? [] : ["owner"])
        output = format == .csv ? CSV.line(columns) : ""
    }

    /// Answers the whole lines of a block; returns how many bytes they have.
    mutating func take(_ block: UnsafeRawBufferPointer, isLast: Bool) -> Int {
        let taken = parser.parse(block: block, isLast: isLast, into: &batch)
        var others = batch.others[...]
        for index in 0..<batch.count {
            while let other = others.first, other.line < batch.lines[index] { answer(others.removeFirst()) }
            let record = batch.details[index] ?? FlowRecord(flow: IPFlow(batch[index]), format: .plain)
            answer(record, line: batch.lines[index])
        }
        while !others.isEmpty { answer(others.removeFirst()) }
        batch.removeAll()
        flush()
        return taken
    }

    private mutating func answer(_ other: (line: Int, content: FlowLine)) {
        switch other.content {
        case .flow(let record): answer(record, line: other.line)
        case .skipped: break
        case .error(let error): complain(other.line, error.description)
        }
    }

    private mutating func answer(_ record: FlowRecord, line: Int) {
        let own = scheme.over(record)
        do throws(HashSchemeError) {
            let bucket = try own.bucket(of: record.flow)
            write(record.flow, bucket, basis.owner(of: bucket, in: own) ?? "")
        } catch {
            complain(line, error.description)
        }
    }

    private mutating func write(_ flow: IPFlow, _ bucket: Int, _ owner: String) {
        if format == .csv {
            output += "\(flow.transport),\(flow.source),\(flow.sourcePort),\(flow.destination),"
            output += "\(flow.destinationPort),\(bucket)"
            output += basis.owners == nil ? "\n" : "," + CSV.quoted(owner) + "\n"
            return
        }
        output += "{\"protocol\":\"\(flow.transport)\",\"source\":\"\(flow.source)\","
        output += "\"source_port\":\(flow.sourcePort),\"destination\":\"\(flow.destination)\","
        output += "\"destination_port\":\(flow.destinationPort),\"bucket\":\(bucket)"
        if basis.owners != nil { output += ",\"owner\":" + (owner.isEmpty ? "null" : BatchWriter.json(owner)) }
        output += "}\n"
    }

    private mutating func flush() {
        Console.print(output)
        output = ""
    }

    private mutating func complain(_ line: Int, _ what: String) {
        badLines += 1
        flush()
        Console.complain("line \(line): \(what)")
    }
}
