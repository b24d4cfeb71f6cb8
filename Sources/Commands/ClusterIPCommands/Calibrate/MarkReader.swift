import CLinux
import ClusterModel
import FlowReading
import Glibc
import NodeLinks
import Reactor
import Responsibility

/// Collects marked connections from lines of `conntrack -L`.
struct MarkReader {
    /// The most connections that are kept; more evidence would not tell more.
    static let limit = 16_384

    /// The connections with a mark, in the order of their lines.
    private(set) var connections: [MarkedFlow] = []
    /// Marked connections beyond the limit, which are not looked at.
    private(set) var beyondLimit = 0
    /// Connections without a mark.
    private(set) var unmarked = 0
    /// Marked connections of the other address family, or to another address.
    private(set) var others = 0
    /// Lines that cannot be read, and are named on standard error.
    private(set) var lines = LineCounts()
    /// Whether Ctrl-C ended the reading.
    private(set) var isInterrupted = false
    private let destination: IPAddress?
    private let isV6: Bool

    /// A reader that takes the connections of one address family to this address; nil: to any.
    init(destination: IPAddress?, isV6: Bool) {
        self.destination = destination
        self.isV6 = isV6
    }

    /// Reads lines to their end, or until Ctrl-C.
    mutating func read(_ reader: BlockReader, columns: ColumnNames = ColumnNames()) throws(CommandError) {
        var parser = FlowParser(needs: FlowNeeds(), columns: columns)
        var batch = FlowBatch()
        try reader.forEachBlock { block, isLast in
            let taken = parser.parse(block: block, isLast: isLast, into: &batch)
            for index in 0..<batch.count { take(batch.details[index]?.mark, batch[index]) }
            for case .flow(let record) in batch.others.map(\.content) { take(record.mark, record.flow) }
            lines.take(batch)
            batch.removeAll()
            return taken
        }
        lines.finish()
        isInterrupted = reader.isInterrupted
    }

    /// Reads what `conntrack -L` prints on a node.
    mutating func read(node name: String, of file: ClusterFile) throws(CommandError) {
        guard let node = file.nodes.first(where: { $0.name == name }) else {
            throw CommandError(
                "\(file.name) has no node \"\(name.madeSafe(limit: 60))\": there are "
                    + file.nodes.map(\.name).joined(separator: ", "))
        }
        let child: ChildProcess
        do throws(SystemError) {
            child = try ChildProcess(
                arguments: node.link.arguments(running: ["conntrack", "-L"] + (isV6 ? ["-f", "ipv6"] : [])),
                endsWithProgram: true)
        } catch {
            throw CommandError(error.description)
        }
        child.closeInput()
        let source = ChildSource(child)
        try read(BlockReader(source, what: "connections of \(name)"))
        if isInterrupted { return child.end() }
        Self.waitForEnd(of: child, source)
        isInterrupted = clusterip_is_interrupted() != 0
        guard !isInterrupted else { return }
        guard child.ending == "exit status 0" else {
            let reason = source.lastError.map { ": \($0)" } ?? "; is it installed?"
            throw CommandError("conntrack -L on \(name) ended with \(child.ending ?? "no status")\(reason)")
        }
    }

    /// Waits for a child that has closed its output, for a second at most; one that goes on then is killed.
    private static func waitForEnd(of child: ChildProcess, _ source: ChildSource) {
        for _ in 0..<100 where child.reap() == nil && clusterip_is_interrupted() == 0 {
            source.drainErrors()
            usleep(10_000)
        }
        source.drainErrors()
        if child.waitStatus == nil { child.end() }
    }

    private mutating func take(_ mark: UInt32?, _ flow: Flow) {
        let isOfFamily = (flow.source.family == .v6) == isV6
        guard let mark, mark != 0 else { return unmarked += isOfFamily ? 1 : 0 }
        guard isOfFamily else { return others += 1 }
        if let destination, flow.destination != destination { return others += 1 }
        guard connections.count < Self.limit else { return beyondLimit += 1 }
        connections.append(MarkedFlow(flow: flow, mark: mark))
    }
}
