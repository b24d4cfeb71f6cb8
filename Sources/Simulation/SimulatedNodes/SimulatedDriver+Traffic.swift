import ClusterModel
import LegacyNode
import NodeDriver
import Responsibility

// What arrives at a simulated node.
extension SimulatedDriver {
    /// Lets packets of a flow arrive at the node; returns how many of them it accepted.
    ///
    /// The first packet of a TCP flow that the node does not know is a plain SYN, all others belong to the connection that
    /// it opened, if it was accepted.
    @discardableResult
    public func receive(_ flow: Flow, packets: UInt64 = 1, bytes: UInt64 = 60) -> UInt64 {
        cluster(of: flow)?.receive(flow, packets: packets, bytes: bytes) ?? 0
    }

    /// Lets packets arrive that are not the first of a conversation and of which the node knows nothing, as after a move.
    @discardableResult
    public func receive(_ packet: Packet, packets: UInt64 = 1, bytes: UInt64 = 60) -> Verdict? {
        cluster(of: packet.flow)?.receive(packet, packets: packets, bytes: bytes)
    }

    /// Lets a packet arrive; what connection tracking says of it is what the node itself knows.
    ///
    /// - Returns: what the node does with it; nil when it is no member.
    @discardableResult
    public func arrive(_ flow: Flow, flags: TCPFlags = .syn) -> Verdict? {
        guard let cluster = cluster(of: flow) else { return nil }
        return cluster.receive(cluster.packet(flow, flags), packets: 1, bytes: 60)
    }

    /// Lets a packet for a cluster address arrive in a frame to the node's own MAC, and counts it for the neighbour.
    public func receiveMisled(from neighbour: MACAddress, to address: IPAddress) {
        clusters[address]?.misled[neighbour, default: 0] += 1
    }

    /// What the node would do with a packet that arrived now; nil when it is no member.
    public func verdict(on flow: Flow, flags: TCPFlags = .syn) -> Verdict? {
        guard let cluster = cluster(of: flow) else { return nil }
        return cluster.decide(cluster.packet(flow, flags))
    }

    /// Ends a connection, as both sides' closing does.
    public func close(_ flow: Flow) { cluster(of: flow)?.connections[flow] = nil }

    private func cluster(of flow: Flow) -> SimulatedCluster? {
        // Most nodes have one, which is compared faster than it is looked up.
        if clusters.count == 1, let only = clusters.first {
            return only.key == flow.destination ? only.value : nil
        }
        return clusters[flow.destination]
    }
}
