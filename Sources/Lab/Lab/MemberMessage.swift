/// What the supervisor sends a node or the client, one JSON value per line on its standard input.
enum MemberRequest: Codable, Hashable, Sendable {
    /// Its name and number (0 is the client), and the lab; the first line.
    case join(name: String, number: Int, options: LabOptions)
    /// Its `eth0` is there: set up addresses, membership and services.
    case configure
    /// All nodes are ready: the client checks that it reaches them and begins.
    case start
}

/// What a node or the client tells the supervisor, one JSON value per line on its standard output.
enum MemberEvent: Codable, Hashable, Sendable {
    /// It has its own network namespace; `pid` is its process id as seen from outside the lab.
    case joined(pid: Int32)
    /// `configure` or `start` is done.
    case ready
    /// It cannot go on.
    case failed(String)
    /// A node's counters.
    case service(ServiceStatistics)
    /// The client's counters.
    case traffic(TrafficStatistics)
}

/// What `Lab.start` sends the supervisor as one JSON line on its standard input.
struct SupervisorRequest: Codable, Hashable, Sendable {
    var options: LabOptions
    /// Where the lab's directory is made.
    var base: String
    /// Whether the end of the standard input ends the lab.
    var isBound: Bool
    var hasUserNamespace: Bool
}

/// What the supervisor answers, once.
enum SupervisorAnswer: Codable, Hashable, Sendable {
    case ready(LabState)
    case failed(String)
}
