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

    /// The flow of the row.
    ///
    /// - Throws: `CommandError` that names the field that is wrong.
    func flow() throws(CommandError) -> Flow {
        func need(_ name: String) throws(CommandError) -> String {
            guard let text = fields[name], !text.isEmpty else { throw CommandError("\(name) is missing") }
            return text
        }
        return Flow(
            transport: try FlowText.transport(try need("protocol")),
            source: try FlowText.address(try need("source"), "source"),
            sourcePort: try FlowText.port(fields["source_port"] ?? "", "source"),
            destination: try FlowText.address(try need("destination"), "destination"),
            destinationPort: try FlowText.port(fields["destination_port"] ?? "", "destination"))
    }

    /// The placement of the row: its own fields, and for those it does not have the default's.
    func placement(default base: Placement?) throws(CommandError) -> Placement {
        let own = Self.placementColumns.map { name in fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let base else {
            guard let mode = own[0], let total = own[1], let seed = own[2] else {
                throw CommandError("the row does not say hash_mode, total_nodes and hash_init, and no cluster is asked")
            }
            return Placement(
                mode: try PlacementText.mode(mode), totalNodes: try PlacementText.totalNodes(total),
                hashInit: try PlacementText.hashInit(seed))
        }
        var placement = base
        if let mode = own[0] { placement.mode = try PlacementText.mode(mode) }
        if let total = own[1] { placement.totalNodes = try PlacementText.totalNodes(total) }
        if let seed = own[2] { placement.hashInit = try PlacementText.hashInit(seed) }
        return placement
    }

    /// The row of a JSON object; nil when the line is none.
    init?(json line: some Sequence<UInt8>) {
        guard let values = try? JSONDecoder().decode([String: JSONScalar].self, from: Data(line)) else { return nil }
        fields = values.mapValues(\.text)
    }

    init(fields: [String: String]) { self.fields = fields }
}
