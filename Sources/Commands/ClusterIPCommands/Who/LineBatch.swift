import Responsibility

/// A batch of lines as operators have them, each in whatever form: every flow comes out with its bucket.
struct LineBatch {
    private let format: OutputFormat
    private let basis: WhoBasis
    private let scheme: HashScheme
    private var parser = FlowParser()
    private var batch = FlowBatch()
    private var output = ByteText()
    /// The protocols' names by number.
    private let names = (UInt8.min...UInt8.max).map { TransportProtocol(rawValue: $0).description }

    /// How many lines could not be answered.
    private(set) var badLines = 0

    init(format: OutputFormat, basis: WhoBasis, scheme: HashScheme) {
        self.format = format
        self.basis = basis
        self.scheme = scheme
        let columns = BatchRow.flowColumns + ["bucket"] + (basis.owners == nil ? [] : ["owner"])
        if format == .csv { output.append(CSV.line(columns)) }
    }

    /// Answers the whole lines of a block; returns how many bytes they have.
    mutating func take(_ block: UnsafeRawBufferPointer, isLast: Bool) -> Int {
        let taken = parser.parse(block: block, isLast: isLast, into: &batch)
        var others = batch.others[...]
        let placed = format == .csv ? scheme.bulkBuckets(of: batch) : nil
        for index in 0..<batch.count {
            while let other = others.first, other.line < batch.lines[index] { answer(others.removeFirst()) }
            if let placed, batch.details.isEmpty {
                write(index, placed[index])
            } else {
                let record = batch.details[index] ?? FlowRecord(flow: IPFlow(batch[index]), format: .plain)
                answer(record, line: batch.lines[index])
            }
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

    /// Writes a line of CSV for an IPv4 flow that is placed already.
    private mutating func write(_ index: Int, _ bucket: UInt32) {
        output.append(names[Int(batch.transports[index])])
        output.append(ascii: ",")
        output.append(address: batch.sources[index])
        output.append(ascii: ",")
        output.append(number: UInt32(batch.sourcePorts[index]))
        output.append(ascii: ",")
        output.append(address: batch.destinations[index])
        output.append(ascii: ",")
        output.append(number: UInt32(batch.destinationPorts[index]))
        output.append(ascii: ",")
        output.append(number: bucket)
        if let owners = basis.owners {
            output.append("," + CSV.quoted(owners.name(ofOwner: Int(bucket)) ?? ""))
        }
        output.append(ascii: "\n")
    }

    private mutating func write(_ flow: IPFlow, _ bucket: Int, _ owner: String) {
        var text = ""
        defer { output.append(text) }
        if format == .csv {
            text += "\(flow.transport),\(flow.source),\(flow.sourcePort),\(flow.destination),"
            text += "\(flow.destinationPort),\(bucket)"
            text += basis.owners == nil ? "\n" : "," + CSV.quoted(owner) + "\n"
            return
        }
        text += "{\"protocol\":\"\(flow.transport)\",\"source\":\"\(flow.source)\","
        text += "\"source_port\":\(flow.sourcePort),\"destination\":\"\(flow.destination)\","
        text += "\"destination_port\":\(flow.destinationPort),\"bucket\":\(bucket)"
        if basis.owners != nil { text += ",\"owner\":" + (owner.isEmpty ? "null" : BatchWriter.json(owner)) }
        text += "}\n"
    }

    private mutating func flush() {
        output.print()
    }

    private mutating func complain(_ line: Int, _ what: String) {
        badLines += 1
        flush()
        Console.complain("line \(line): \(what)")
    }
}
