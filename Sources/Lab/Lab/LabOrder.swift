import CLab
import Glibc

/// What a lab that is up is asked to do with one of its nodes, one JSON line over its control socket.
enum LabOrder: Codable, Hashable, Sendable {
    /// The node loses its power: it is off the wire at once, and all of its processes end.
    case kill(node: String)
    /// The node boots: a kernel that knows nothing, then what the node's units do.
    case boot(node: String)
    /// The node's service dies, hangs or goes on, and its kernel takes no part in it.
    case service(node: String, action: ServiceAction)

    /// The node that is meant.
    var node: String {
        switch self {
        case .kill(let node), .boot(let node), .service(let node, _): node
        }
    }
}

/// What can happen to the service of a node while its kernel goes on.
public enum ServiceAction: String, CaseIterable, Codable, Sendable {
    /// It dies at once: its port is closed.
    case kill
    /// It is started again.
    case start
    /// It hangs: its port is open, and nobody answers.
    case stop
    /// It goes on after having hung.
    case `continue`

    /// Why a service in a state cannot do this; nil when it can.
    func obstacle(_ state: ServiceState) -> String? {
        switch (self, state) {
        case (.kill, .running), (.kill, .stopped), (.start, .dead), (.stop, .running), (.continue, .stopped): nil
        case (_, .running): "is running"
        case (_, .stopped): "is stopped"
        case (_, .dead): "is dead"
        }
    }
}

/// How the service of a node is.
public enum ServiceState: String, Codable, Sendable {
    /// It answers.
    case running
    /// It hangs: the process is stopped.
    case stopped
    /// There is no such process.
    case dead
}

/// What the lab says of an order.
enum LabOrderAnswer: Codable, Hashable, Sendable {
    case done
    case failed(String)
}

extension LabOrder {
    /// Gives the order to the lab with this directory, and returns when it is carried out.
    ///
    /// - Throws: a sentence when it is not.
    func send(to directory: String) throws(LabError) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        let path = ControlSocket.path(in: directory)
        guard ControlSocket.with(path, { connect(descriptor, $0, $1) }) == 0 else {
            throw LabError("the lab cannot be asked over \(path): \(String(cString: strerror(errno)))")
        }
        LabJSON.write(self, to: descriptor)
        switch LabJSON.read(LabOrderAnswer.self, from: descriptor) {
        case .done: return
        case .failed(let sentence): throw LabError(sentence)
        case nil: throw LabError("the lab ended before it answered")
        }
    }
}
