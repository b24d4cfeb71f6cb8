import ClusterModel
import Responsibility

/// The answer to "who owns this flow?".
struct WhoAnswer {
    private struct Record: Encodable {
        var `protocol`: String
        var source: IPv4Address
        var sourcePort: UInt16
        var destination: IPv4Address
        var destinationPort: UInt16
        var hash: UInt32
        var bucket: Int
        var owner: String?
        var states: [String: String]?
    }

    let flow: Flow
    let placement: Placement
    let snapshot: ClusterSnapshot?

    private var bucket: Int { placement.bucket(of: flow) }

    /// The nodes that answer the bucket.
    private var owners: [NodeStatus] {
        snapshot?.nodes.filter { $0.state != .unreachable && $0.ownership.answering.contains(bucket) } ?? []
    }

    /// The answer in a format.
    func text(format: OutputFormat, explain: Bool) throws -> String {
        switch format {
        case .table: explain ? summary + explanation : summary
        case .json: try JSONText.text(record, pretty: true)
        case .ndjson: try JSONText.text(record, pretty: false)
        case .csv:
            CSV.line(["protocol", "source", "source_port", "destination", "destination_port", "bucket", "owner"])
                + CSV.line([
                    "\(flow.transport)", "\(flow.source)", "\(flow.sourcePort)", "\(flow.destination)",
                    "\(flow.destinationPort)", "\(bucket)", owners.map(\.name).joined(separator: " "),
                ])
        }
    }

    private var summary: String {
        guard let snapshot else { return "bucket \(bucket) of \(placement.totalNodes)\n" }
        let owner = owners.isEmpty ? "no node" : owners.map(\.name).joined(separator: " and ")
        var text = "bucket \(bucket) of \(placement.totalNodes), answered by \(owner)\n"
        if flow.destination != snapshot.configuration.address {
            text += "note: \(flow.destination) is not the cluster address \(snapshot.configuration.address)\n"
        }
        for doubt in doubts { text += "but: \(doubt)\n" }
        return text
    }

    /// Why a packet of the flow may still not be answered, or not as one would think.
    private var doubts: [String] {
        var doubts: [String] = []
        if owners.isEmpty { doubts.append("the bucket is an orphan: its packets get no answer") }
        if owners.count > 1 { doubts.append("two owners answer each packet: new connections break") }
        for owner in owners {
            if owner.state == .stale { doubts.append("\(owner.name) is stale: \(owner.reason ?? "not heard lately")") }
            if let complaint = owner.sample?.health.complaint { doubts.append("\(owner.name) has \(complaint)") }
        }
        for node in snapshot?.nodes ?? [] where node.ownership.draining.contains(bucket) {
            doubts.append("\(node.name) drains the bucket: TCP connections established there stay there")
        }
        for owner in owners where owner.ownership.adopted.contains(bucket) {
            doubts.append("\(owner.name) adopted the bucket: it resets TCP connections it never saw")
        }
        return doubts
    }

    private var explanation: String {
        let trace = placement.trace(of: flow)
        func hex(_ word: UInt32) -> String {
            let digits = String(word, radix: 16)
            return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
        }
        var text = "\nhash mode  \(placement.mode.rawValue)\n"
        for word in trace.words { text += "\(hex(word.value))  \(word.name): \(word.origin)\n" }
        text += "\(hex(trace.seed))  seed\n"
        text +=
            "\(hex(trace.hash))  jhash of \(trace.words.count) word\(trace.words.count == 1 ? "" : "s") with the seed\n"
        text += "bucket     (\(trace.hash) × \(trace.totalNodes)) >> 32, plus 1 = \(trace.bucket)\n"
        for node in snapshot?.nodes ?? [] {
            text += "\(node.name): \(node.ownership.state(of: bucket)?.rawValue ?? "drops it")"
            text += node.state == .live ? "\n" : " (\(node.state.rawValue))\n"
        }
        return text
    }

    private var record: Record {
        Record(
            protocol: flow.transport.description, source: flow.source, sourcePort: flow.sourcePort,
            destination: flow.destination, destinationPort: flow.destinationPort, hash: placement.hash(of: flow),
            bucket: bucket, owner: owners.count == 1 ? owners[0].name : nil,
            states: snapshot.map { snapshot in
                Dictionary(
                    snapshot.nodes.map { ($0.name, $0.ownership.state(of: bucket)?.rawValue ?? "none") },
                    uniquingKeysWith: { first, _ in first })
            })
    }
}
