import ClusterModel
import FoundationEssentials
import Responsibility

/// One line of a batch: its fields by column.
struct BatchRow {
    /// The columns that describe a flow.
    static let flowColumns = ["protocol", "source", "source_port", "destination", "destination_port"]
    /// The columns that describe how it is placed.
    static let placementColumns = ["hash_mode", "total_nodes", "hash_init"]

    /// The fields, text as it was written.
    var fields: [String: String]

    /// The flow of the row, whose protocol's ports must be there if they are hashed.
    ///
    /// - Throws: `CommandError` that names the field that is wrong.
    func flow(needing ports: HashedPorts) throws(CommandError) -> Flow {
        func need(_ name: String) throws(CommandError) -> String {
            guard let text = fields[name], !text.isEmpty else { throw CommandError("\(name) is missing") }
            return text
        }
        let transport = try FlowText.transport(try need("protocol"))
        if transport.portsOffset != nil {
            if ports.contains(.source) { _ = try need("source_port") }
            if ports.contains(.destination) { _ = try need("destination_port") }
        }
        let source = try FlowText.address(try need("source"), "source")
        let sourcePort = try FlowText.port(fields["source_port"] ?? "", "source")
        let destination = try FlowText.address(try need("destination"), "destination")
        let destinationPort = try FlowText.port(fields["destination_port"] ?? "", "destination")
        return try FlowText.flow(transport, (source, sourcePort), (destination, destinationPort))
    }

    /// The arithmetic of the row: its own fields, and for those it does not have the default's.
    func scheme(default base: HashScheme?) throws(CommandError) -> HashScheme {
        let own = Self.placementColumns.map { name in fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        let parts = SchemeParts(hashmode: own[0], totalNodes: own[1], hashInit: own[2])
        guard let base else {
            guard own.allSatisfy({ $0 != nil }) else {
                throw CommandError("the row does not say hash_mode, total_nodes and hash_init, and no cluster is asked")
            }
            return try parts.value(over: .clusterIP(Placement(mode: .sourceIP, bucketCount: 1, seed: 0)))
        }
        return parts.isGiven ? try parts.value(over: base) : base
    }

    /// The row of a JSON object; nil when the line is none.
    init?(json line: some Sequence<UInt8>) {
        guard let values = try? JSONDecoder().decode([String: JSONScalar].self, from: Data(line)) else { return nil }
        fields = values.mapValues(\.text)
    }

    init(fields: [String: String]) { self.fields = fields }

    /// The row of a flow alone.
    init(_ flow: Flow) {
        fields = [
            "protocol": "\(flow.transport)", "source": "\(flow.source)", "source_port": "\(flow.sourcePort)",
            "destination": "\(flow.destination)", "destination_port": "\(flow.destinationPort)",
        ]
    }
}
