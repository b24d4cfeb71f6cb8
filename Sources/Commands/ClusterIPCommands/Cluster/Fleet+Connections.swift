import AgentProtocol
import ClusterModel
import NodeLinks

extension Fleet {
    /// Counts live connections by node and bucket on every live member; one that does not answer in a second is left
    /// out.
    func countConnections(_ snapshot: ClusterSnapshot, completion: @escaping ([String: [Int: Int]]) -> Void) {
        let members = snapshot.nodes.indices.filter {
            snapshot.nodes[$0].state == .live && snapshot.nodes[$0].sample != nil
        }
        guard !members.isEmpty else { return completion([:]) }
        var counted: [String: [Int: Int]] = [:]
        var unheard = members.count
        for index in members {
            call(.connections(snapshot.configuration.address), node: index, timeout: 1) { result in
                if case .success(.connections(let counts)) = result { counted[snapshot.nodes[index].name] = counts }
                unheard -= 1
                if unheard == 0 { completion(counted) }
            }
        }
    }
}
