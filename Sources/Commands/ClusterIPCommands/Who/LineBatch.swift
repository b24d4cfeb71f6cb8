import Responsibility

/// A batch of lines as operators have them, each in whatever form: every flow comes out with its bucket.
struct LineBatch {
    private let basis: WhoBasis
    private let scheme: HashScheme
    private let destination: IPAddress?
    private var parser: FlowParser
    private var batch = FlowBatch()
    private var listing: FlowListing

    /// What was left out.
    private(set) var omissions = Omissions()

    /// A batch of which only flows to the destination come out; nil: all.
    init(format: OutputFormat, basis: WhoBasis, scheme: HashScheme, destination: IPAddress?) {
        self.basis = basis
        self.scheme = scheme
        self.destination = destination
        parser = FlowParser(needing: scheme.ports)
        listing = FlowListing(format: format, scheme: scheme, owners: basis.owners)
    }

    /// Answers the whole lines of a block; returns how many bytes they have.
    mutating func take(_ block: UnsafeRawBufferPointer, isLast: Bool) -> Int {
        let taken = parser.parse(block: block, isLast: isLast, into: &batch)
        if let destination { omissions.otherDestination += batch.removeFlows(notTo: destination) }
        for (reason, count) in batch.removeUnplaceable(by: scheme) {
            omissions.unplaced[reason.description, default: 0] += count
        }
        let isUniform = !batch.details.values.contains(where: \.hasOwnPlacement)
        let placed = isUniform ? scheme.bulkBuckets(of: batch) : nil
        var next = 0
        for (line, content) in batch.others {
            let end = batch.lines.firstIndex(from: next, above: line)
            answer(next..<end, placed)
            next = end
            switch content {
            case .flow(let record): answer(record)
            case .skipped: break
            case .error(let error): complain(line, error.description)
            }
        }
        answer(next..<batch.count, placed)
        batch.removeAll()
        listing.flush()
        return taken
    }

    private mutating func answer(_ range: Range<Int>, _ placed: [UInt32]?) {
        if let placed { return listing.add(batch, range, placed) }
        for index in range {
            let record = batch.details[index] ?? FlowRecord(flow: batch[index], format: .plain)
            answer(record)
        }
    }

    private mutating func answer(_ record: FlowRecord) {
        let own = scheme.over(record)
        do throws(HashSchemeError) {
            let bucket = try own.bucket(of: record.flow)
            listing.add(record.flow, bucket, basis.owner(of: bucket, in: own))
        } catch {
            omissions.unplaced[error.description, default: 0] += 1
        }
    }

    private mutating func complain(_ line: Int, _ what: String) {
        if omissions.bad.namesNext { listing.flush() }
        omissions.bad.add(line, what)
    }
}
