/// What `lab status` shows.
public struct LabStatus: Hashable, Sendable, Codable {
    /// A node of the lab.
    public struct Node: Hashable, Sendable, Codable {
        /// Its name.
        public var name: String
        /// The process that holds its namespace, as seen from outside.
        public var pid: Int32
        /// Whether that process, and with it the node, lives.
        public var isAlive: Bool
        /// How its echo service is.
        public var serviceState: ServiceState
        /// What its echo service has done since it was started.
        public var service: ServiceStatistics

        enum CodingKeys: String, CodingKey {
            case name, pid, service
            case isAlive = "alive"
            case serviceState = "service_state"
        }
    }

    /// The version of this form: 1.
    public var schema = 1
    /// The path of the cluster file.
    public var clusterFile: String
    /// The process whose end ends the lab.
    public var supervisor: Int32
    /// What was asked for.
    public var options: LabOptions
    /// The nodes.
    public var nodes: [Node]
    /// Whether the client lives.
    public var clientIsAlive: Bool
    /// How the client's traffic was answered; nil without traffic.
    public var traffic: TrafficStatistics?

    enum CodingKeys: String, CodingKey {
        case schema, supervisor, options, nodes, traffic
        case clusterFile = "cluster_file"
        case clientIsAlive = "client_alive"
    }

    /// The status of the lab that is up.
    ///
    /// - Throws: a sentence when there is none.
    public static func read() throws(LabError) -> LabStatus {
        guard let lab = Lab.find() else { throw .noLab }
        return try LabStatus(lab)
    }

    /// The status of a lab.
    public init(_ lab: LabState) throws(LabError) {
        let bytes = LabDirectory.contents(of: lab.directory + "/status.json")
        guard let report = try? LabJSON.decode(LabReport.self, from: bytes) else {
            throw LabError("the lab's supervisor has not written \(lab.directory)/status.json")
        }
        clusterFile = lab.clusterFile
        supervisor = lab.supervisor
        options = lab.options
        nodes = zip(lab.nodes, report.nodes).map {
            Node(
                name: $0.name, pid: $0.pid, isAlive: $1.isAlive, serviceState: $1.serviceState, service: $1.service)
        }
        clientIsAlive = report.clientIsAlive
        traffic = report.traffic
    }

    /// The same as one JSON value with sorted keys and a newline.
    public func json() -> String {
        (try? LabJSON.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// What the supervisor writes to `status.json` about twice a second.
struct LabReport: Codable, Hashable, Sendable {
    /// A node as the supervisor sees its process.
    struct Node: Codable, Hashable, Sendable {
        var name: String
        var isAlive: Bool
        var serviceState: ServiceState
        var service: ServiceStatistics

        enum CodingKeys: String, CodingKey {
            case name, service
            case isAlive = "alive"
            case serviceState = "service_state"
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
