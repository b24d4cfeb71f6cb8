import Responsibility

/// What keeps a node's replies from its clients, as far as the node's kernel can tell.
public enum WayBackObstacle: Hashable, Sendable {
    /// No route leads to this client.
    case noRoute(IPAddress)
    /// The route to this client leads out by another interface, so that strict reverse path filtering drops its packets.
    case reversePath(IPAddress, by: String)
    /// So many new connections were answered by their service, and no answer left the node.
    case dropped(answers: Int)
}

extension WayBackObstacle: Codable {
    private enum CodingKeys: String, CodingKey { case noRoute = "no_route", reversePath = "reverse_path", dropped }
    private enum NoRouteCodingKeys: String, CodingKey { case _0 = "client" }
    private enum ReversePathCodingKeys: String, CodingKey { case _0 = "client", by = "interface" }
    private enum DroppedCodingKeys: String, CodingKey { case answers }
}
