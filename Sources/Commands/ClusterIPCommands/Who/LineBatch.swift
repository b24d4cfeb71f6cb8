import ClusterModel
import FlowReading
import Glibc
import Responsibility

/// A batch of lines as operators have them, each in whatever form: every flow comes out with its bucket.
///
/// A batch that begins with a table or an object comes out with its columns, any other with those of a flow.
struct LineBatch {
    /// What comes out.
    private enum Listing {
        case flows(FlowListing)
        case rows(RowListing)
    }

    private let basis: WhoBasis
    private let format: OutputFormat
    private let destination: IPAddress?
    private var parser: FlowParser
    private var batch = FlowBatch(keepsRows: true, keepsMarks: false)
    private var listing: Listing?

    /// What was left out.
    private(set) var omissions = Omissions()

    /// A batch of which only flows to the destination come out; nil: all.
    init(format: OutputFormat, basis: WhoBasis, columns: ColumnNames, destination: IPAddress?) {
        self.basis = basis
        self.format = format
        self.destination = destination
        let known = destination ?? basis.snapshot?.configuration.address
        parser = FlowParser(
            needs: basis.scheme?.needs(to: known) ?? FlowNeeds(ports: .both, knownDestination: known), columns: columns)
    }

    /// Answers the whole lines of a block; returns how many bytes they have.
    mutating func take(_ block: UnsafeRawBufferPointer, isLast: Bool) -> Int {
        let taken = parser.parse(block: block, isLast: isLast, into: &batch)
        if let destination { omissions.otherDestination += batch.removeFlows(notTo: destination) }
        if let scheme = basis.scheme {
            for (reason, count) in batch.removeUnplaceable(by: scheme) {
                omissions.unplaced[reason.description, default: 0] += count
            }
        }
        let isUniform = !batch.details.values.contains { $0.hasOwnPlacement || !$0.hasDestination }
        let placed = isUniform ? basis.scheme?.bulkBuckets(of: batch) : nil
        var next = 0
        for (index, (line, content)) in batch.others.enumerated() {
            let end = batch.lines.firstIndex(from: next, above: line)
            answer(next..<end, placed, block)
            next = end
            switch content {
            case .flow(let record): answer(record, line, batch.otherRows[index], block)
            case .skipped: break
            case .error(let error): complain(line, error.description, error.kind)
            }
        }
        answer(next..<batch.count, placed, block)
        batch.removeAll()
        flush()
        return taken
    }

    private mutating func answer(_ range: Range<Int>, _ placed: [UInt32]?, _ block: UnsafeRawBufferPointer) {
        guard !range.isEmpty else { return }
        if listing == nil { begin(place(range.lowerBound), block) }
        if let placed, case .flows(var flows) = listing {
            listing = nil
            flows.add(batch, range, placed)
            listing = .flows(flows)
            return
        }
        if let placed, case .rows(var rows) = listing {
            listing = nil
            var index = range.lowerBound
            while index < range.upperBound {
                let end = min(range.upperBound, batch.rows.count)
                if index < end {
                    index += rows.copy(block, batch.rows[index..<end], batch.layouts, placed[index..<end])
                }
                guard index < range.upperBound else { break }
                add(index, Int(placed[index]), &rows, block)
                index += 1
            }
            listing = .rows(rows)
            return
        }
        for index in range {
            let record = batch.details[index] ?? FlowRecord(flow: batch[index], format: .plain)
            answer(record, batch.lines[index], place(index), block)
        }
    }

    private func add(_ index: Int, _ bucket: Int, _ rows: inout RowListing, _ block: UnsafeRawBufferPointer) {
        let place = place(index)
        let owner = basis.scheme.flatMap { basis.owner(of: bucket, in: $0) }
        guard place.start < place.end else {
            return rows.add(batch[index], hasDestination: true, bucket, owner)
        }
        rows.add(
            .init(rebasing: block[place.start..<place.end]), place.layout < 0 ? nil : batch.layouts[place.layout],
            bucket, owner)
    }

    private func place(_ index: Int) -> RowPlace {
        index < batch.rows.count ? batch.rows[index] : .none
    }

    private mutating func answer(
        _ record: FlowRecord, _ line: Int, _ place: RowPlace, _ block: UnsafeRawBufferPointer
    ) {
        if listing == nil { begin(place, block) }
        do throws(CommandError) {
            let scheme = try basis.scheme(of: record)
            let bucket: Int
            do { bucket = try scheme.bucket(of: record.flow) } catch {
                omissions.unplaced[error.description, default: 0] += 1
                return
            }
            let owner = basis.owner(of: bucket, in: scheme)
            switch listing {
            case .rows(var rows):
                listing = nil
                if place.start < place.end {
                    rows.add(
                        .init(rebasing: block[place.start..<place.end]),
                        place.layout < 0 ? nil : batch.layouts[place.layout], bucket, owner)
                } else {
                    rows.add(record.flow, hasDestination: record.hasDestination, bucket, owner)
                }
                listing = .rows(rows)
            case .flows(var flows):
                listing = nil
                flows.add(record.flow, hasDestination: record.hasDestination, bucket, owner)
                listing = .flows(flows)
            case nil: break
            }
        } catch {
            complain(line, error.description, "the row does not say how it is placed")
        }
    }

    /// Begins the listing with what the first flow is.
    private mutating func begin(_ place: RowPlace, _ block: UnsafeRawBufferPointer) {
        let (hasOwners, isOnTerminal) = (basis.owners != nil, isatty(STDOUT_FILENO) == 1)
        if place.start < place.end, place.layout >= 0 {
            listing = .rows(
                RowListing(
                    batch.layouts[place.layout], format: format, hasOwners: hasOwners, isOnTerminal: isOnTerminal))
        } else if place.start < place.end {
            listing = .rows(
                RowListing(
                    object: .init(rebasing: block[place.start..<place.end]), format: format, hasOwners: hasOwners,
                    isOnTerminal: isOnTerminal))
        } else {
            listing = .flows(FlowListing(format: format, scheme: basis.scheme, owners: basis.owners))
        }
    }

    /// Prints what is held back.
    private mutating func flush() {
        switch listing {
        case .rows(var rows):
            listing = nil
            rows.flush()
            listing = .rows(rows)
        case .flows(var flows):
            listing = nil
            flows.flush()
            listing = .flows(flows)
        case nil: break
        }
    }

    private mutating func complain(_ line: Int, _ what: String, _ kind: String) {
        if omissions.bad.namesNext { flush() }
        omissions.bad.add(line, what, kind)
    }

    /// Ends the listing: a batch of which nothing came out has the header of what it is.
    mutating func finish() {
        guard listing == nil else { return }
        if let layout = parser.layout {
            listing = .rows(
                RowListing(
                    layout, format: format, hasOwners: basis.owners != nil, isOnTerminal: isatty(STDOUT_FILENO) == 1))
        } else {
            listing = .flows(FlowListing(format: format, scheme: basis.scheme, owners: basis.owners))
        }
        flush()
    }
}
