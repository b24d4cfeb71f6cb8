import ClusterModel
import Responsibility
import Wording

/// The answer to "who owns this flow?".
struct WhoAnswer {
    private struct Record: Encodable {
        var `protocol`: String
        var source: String
        var sourcePort: UInt16
        var destination: String
        var destinationPort: UInt16
        var hash: UInt32
        var bucket: Int
        var owner: String?
        var states: [String: String]?
        var note: String?
    }

    let flow: Flow
    let scheme: HashScheme
    let basis: WhoBasis
    let trace: HashTrace

    /// The answer for a flow.
    ///
    /// - Throws: `CommandError` when the arithmetic cannot place it.
    init(_ flow: Flow, _ basis: WhoBasis) throws(CommandError) {
        guard let scheme = basis.scheme else {
            throw CommandError("no node has told its hash mode: name a cluster, or give --hashmode and --total-nodes")
        }
        self.flow = flow
        self.scheme = scheme
        self.basis = basis
        do { trace = try scheme.trace(of: flow) } catch { throw CommandError(error.description) }
    }

    /// The answer in a format.
    func text(format: OutputFormat, explain: Bool) throws -> String {
        switch format {
        case .table: explain ? summary + "\n" + WhoExplanation(self).text : summary
        case .json: try JSONText.text(record, pretty: true)
        case .ndjson: try JSONText.text(record, pretty: false)
        case .csv, .spreadsheet:
            CSV.line(["protocol", "source", "source_port", "destination", "destination_port", "bucket", "owner"])
                + CSV.line(
                    [
                        "\(flow.transport)", "\(flow.source)", "\(flow.sourcePort)", "\(flow.destination)",
                        "\(flow.destinationPort)", "\(trace.bucket)", owners.joined(separator: " "),
                    ], format)
        }
    }

    /// The nodes that answer the bucket.
    private var accepting: [NodeStatus] {
        basis.snapshot?.nodes.filter {
            $0.state != .unreachable && $0.ownership.accepts(trace.bucket)
        } ?? []
    }

    /// Their names; offline the one that the operator named.
    private var owners: [String] {
        basis.snapshot == nil
            ? basis.owners?.name(ofOwner: trace.bucket).map { [$0] } ?? [] : accepting.map(\.name)
    }

    private var summary: String {
        let last = trace.firstBucket &+ trace.bucketCount &- 1
        let bucket =
            trace.firstBucket == 1
            ? "bucket \(trace.bucket) of \(trace.bucketCount)"
            : "bucket \(trace.bucket) of \(trace.firstBucket) to \(last)"
        guard basis.owners != nil else { return bucket + "\n" + kernelsDefect + beforeTheHash }
        var text = bucket + ", answered by \(owners.isEmpty ? "no node" : owners.joined(separator: " and "))\n"
        text += kernelsDefect + beforeTheHash
        guard let snapshot = basis.snapshot else { return text }
        if flow.destination != snapshot.configuration.address {
            text += "note: \(flow.destination) is not the cluster address \(snapshot.configuration.address)\n"
        }
        for doubt in doubts(snapshot) { text += "but: \(doubt)\n" }
        return text
    }

    /// What xt_cluster does to IPv6 sources; empty for all others.
    private var kernelsDefect: String {
        guard case .clusterMatch = scheme, case .v6(let source) = flow.source else { return "" }
        let network = IPv6Address(high: (source.high >> 32) << 32, low: 0)
        return
            "note: of an IPv6 source the kernel's xt_cluster hashes only the first 32 bits (a defect of the kernel): "
            + "all of \(network)/32 is in this bucket\n"
    }

    /// What connection tracking may do with the flow's packets before any rule hashes them; empty for most.
    ///
    /// Seen: Linux 6.18 calls every UDP-Lite packet invalid, whatever its checksum and coverage. Source:
    /// net/netfilter/nf_conntrack_proto_udp.c, `udplite_error`.
    private var beforeTheHash: String {
        guard flow.transport == .udpLite else { return "" }
        return "note: connection tracking may call UDP-Lite packets invalid before they are hashed (Linux 6.18 all of "
            + "them, others those with a wrong checksum or coverage): no node accepts those\n"
    }

    /// Why a packet of the flow may still not be answered, or not as one would think.
    private func doubts(_ snapshot: ClusterSnapshot) -> [String] {
        var doubts: [String] = []
        if accepting.isEmpty { doubts.append("the bucket is an orphan: its packets get no answer") }
        if accepting.count > 1 { doubts.append("two owners answer each packet: new connections break") }
        for owner in accepting {
            if owner.state == .stale {
                doubts.append("\(owner.name) is stale: \(owner.failure?.sentence ?? "not heard lately")")
            }
            if let complaint = owner.sample?.health.complaint { doubts.append("\(owner.name) has \(complaint)") }
        }
        for node in snapshot.nodes where node.ownership.draining.contains(trace.bucket) {
            doubts.append("\(node.name) drains the bucket: TCP connections established there stay there")
        }
        for owner in accepting where owner.ownership.adopted.contains(trace.bucket) {
            doubts.append("\(owner.name) adopted the bucket: it resets TCP connections it never saw")
        }
        return doubts
    }

    /// The notes without their first word, one behind the other.
    private var notes: String {
        [kernelsDefect, beforeTheHash].filter { !$0.isEmpty }.map { String($0.dropFirst(6).dropLast()) }
            .joined(separator: "; ")
    }

    private var record: Record {
        Record(
            protocol: flow.transport.description, source: "\(flow.source)", sourcePort: flow.sourcePort,
            destination: "\(flow.destination)", destinationPort: flow.destinationPort, hash: trace.hash,
            bucket: trace.bucket, owner: owners.count == 1 ? owners[0] : nil,
            states: basis.snapshot.map { snapshot in
                Dictionary(
                    snapshot.nodes.map { ($0.name, $0.ownership.state(of: trace.bucket)?.rawValue ?? "none") },
                    uniquingKeysWith: { first, _ in first })
            },
            note: notes.isEmpty ? nil : notes)
    }
}
