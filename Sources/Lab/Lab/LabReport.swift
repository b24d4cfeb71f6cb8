/// What the supervisor writes to `status.json` about twice a second.
struct LabReport: Codable, Hashable, Sendable {
    /// A node as the supervisor sees its process.
    struct Node: Codable, Hashable, Sendable {
        var name: String
        var isAlive: Bool
        var service: ServiceStatistics

        enum CodingKeys: String, CodingKey {
            case name, service
            case isAlive = "alive"
        }
    }

    var nodes: [Node]
    var clientIsAlive: Bool
    var traffic: TrafficStatistics?

    enum CodingKeys: String, CodingKey {
        case nodes, traffic
        case clientIsAlive = "client_alive"
    }
}
