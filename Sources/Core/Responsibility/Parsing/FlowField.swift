/// The fields of a flow in CSV and NDJSON, by their names there.
enum FlowField: String, CaseIterable {
    case transport = "protocol"
    case source
    case sourcePort = "source_port"
    case destination
    case destinationPort = "destination_port"
    case hashMode = "hash_mode"
    case bucketCount = "total_nodes"
    case seed = "hash_init"
    case mark
    case packets
    case bytes
    case bucket

    /// The fields that a header or an object must have.
    static let required: [Self] = [.transport, .source, .destination]

    init?(_ name: Bytes) {
        guard name.count <= 16 else { return nil }
        self.init(rawValue: name.text)
    }
}
