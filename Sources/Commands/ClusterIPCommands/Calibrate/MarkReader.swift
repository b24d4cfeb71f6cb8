import ClusterModel
import Glibc
import NodeLink
import Reactor
import Responsibility

/// Collects marked connections from lines of `conntrack -L`.
struct MarkReader {
    /// The most connections that are kept; more evidence would not tell more.
    static let limit = 65_536

    /// The connections with a mark, in the order of their lines.
    private(set) var connections: [MarkedFlow] = []
    /// Marked connections beyond the limit, which are not looked at.
    private(set) var beyondLimit = 0
    /// Connections without a mark.
    private(set) var unmarked = 0
    /// Marked connections of IPv6, or to another address.
    private(set) var others = 0
    /// Lines that cannot be read, and are named on standard error.
    private(set) var lines = LineCounts()
    private let destination: IPv4Address?

    /// A reader that takes connections to this address; nil: to any.
    init(destination: IPv4Address?) { self.destination = destination }

    /// Reads lines to their end, or until Ctrl-C.
    mutating func read(_ reader: BlockReader) throws(CommandError) {
        var parser = FlowParser()
        var batch = FlowBatch()
        try reader.forEachBlock { block, isLast in
            let taken = parser.parse(block: block, isLast: isLast, into: &batch)
            for index in 0..<batch.count { take(batch.details[index]?.mark, batch[index]) }
            for case .flow(let record) in batch.others.map(\.content) where (record.mark ?? 0) != 0 { others += 1 }
            lines.take(batch)
            batch.removeAll()
            return taken
        }
        lines.finish()
    }

    /// Reads what `conntrack -L` prints on a node.
    mutating func read(node name: String, of file: ClusterFile) throws(CommandError) {
        guard let node = file.nodes.first(where: { $0.name == name }) else {
            throw CommandError(
                "\(file.name) has no node \"\(name.madeSafe(limit: 60))\": there are "
                    + file.nodes.map(\.name).joined(separator: ", "))
        }
        if case .ssh = node.link {
            throw CommandError(
                "\(node.name) is on another machine: ssh there, as in `ssh HOST conntrack -L | clusterip calibrate -`")
        }
        let child: ChildProcess
        do throws(SystemError) {
            child = try ChildProcess(arguments: node.link.arguments(agent: "conntrack") + ["-L"])
        } catch {
            throw CommandError(error.description)
        }
        child.closeInput()
        _ = fcntl(child.output, F_SETFL, 0)
        try read(BlockReader(descriptor: child.output, what: "connections of \(name)"))
        child.reap(waiting: true)
        guard child.ending == "exit status 0" else {
            throw CommandError("conntrack -L on \(name) ended with \(child.ending ?? "no status"); is it installed?")
        }
    }

    private mutating func take(_ mark: UInt32?, _ flow: Flow) {
        guard let mark, mark != 0 else { return unmarked += 1 }
        if let destination, flow.destination != destination { return others += 1 }
        guard connections.count < Self.limit else { return beyondLimit += 1 }
        connections.append(MarkedFlow(flow: flow, mark: mark))
    }
}
