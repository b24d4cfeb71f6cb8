import ClusterModel
import Reactor
import Responsibility
import SimulatedNodes

/// The neighbours of a run's nodes: a router and a host, each with what it has learnt of the cluster address by ARP.
///
/// A node that carries the address and has neither table nor guard asks by its own MAC; who hears that sends everything to
/// that node alone. Draws from random numbers of its own, so that a seed makes the same faults with neighbours and without.
///
/// Source: arp(7); a neighbour believes no other MAC within a second of the last (`locktime`).
final class SimulatedNeighbours {
    private static let lockSeconds = 1.0
    private static let names: [MACAddress] = [
        MACAddress(number: 0x0200_0000_0a01), MACAddress(number: 0x0200_0000_0a02),
    ]

    private struct Neighbour {
        let mac: MACAddress
        /// The node whose own MAC it has learnt; nil: the cluster's.
        var node: SimulatedNode?
        var learned = -SimulatedNeighbours.lockSeconds
    }

    private unowned let world: SimulatedWorld
    private var random: SplitMix
    private var neighbours = SimulatedNeighbours.names.map { Neighbour(mac: $0) }
    /// Whether the nodes have a guard, which keeps their ARP right without a table.
    let areGuarded: Bool

    init(world: SimulatedWorld) {
        self.world = world
        random = SplitMix(seed: world.seed ^ 0x6e65_6967_6862_6f72)
        areGuarded = random.below(4) == 0
    }

    /// Whether every neighbour sends to the cluster MAC.
    var areRight: Bool { neighbours.allSatisfy { $0.node == nil } }

    /// Who sends where, for people.
    var text: String {
        neighbours.map { "\($0.mac) sends to \($0.node.map { "the own MAC of \($0.name)" } ?? "the cluster MAC")" }
            .joined(separator: ", ")
    }

    /// Half a second passes: nodes ask for their neighbours, and these send packets.
    func pass() {
        for node in world.nodes where node.isBare && !areGuarded && !node.isPartitioned && random.below(4) == 0 {
            world.log(.node(node.name), "asks for its neighbours by its own MAC")
            learn(node)
        }
        for index in neighbours.indices { send(index) }
    }

    /// A node tells its neighbours the cluster MAC; each announcement may be lost.
    func hear(from node: SimulatedNode) {
        guard node.isUp, !node.isPartitioned else { return }
        world.log(.node(node.name), "announces the cluster MAC")
        learn(nil, lostOnceIn: 3)
    }

    private func learn(_ node: SimulatedNode?, lostOnceIn times: UInt64 = 4) {
        for index in neighbours.indices where random.below(times) > 0 { learn(node, at: index) }
    }

    private func learn(_ node: SimulatedNode?, at index: Int) {
        let now = world.clock.seconds
        guard now - neighbours[index].learned >= Self.lockSeconds else { return }
        if neighbours[index].node !== node {
            world.log(
                .world, "\(neighbours[index].mac) learns \(node.map { "\($0.name)'s own MAC" } ?? "the cluster MAC")")
            if node != nil { world.count("neighbour misled") }
        }
        (neighbours[index].node, neighbours[index].learned) = (node, now)
    }

    /// A packet in a frame to a node's own MAC is counted by its table; a neighbour whose frames nobody hears asks again.
    private func send(_ index: Int) {
        guard let node = neighbours[index].node else { return }
        if node.isUp, !node.isPartitioned, node.held != nil {
            node.driver.receiveMisled(from: neighbours[index].mac, to: world.configuration.address)
        } else if !node.isBare, random.below(10) == 0, world.nodes.contains(where: { $0.held != nil }) {
            learn(nil, at: index)
        }
    }
}
