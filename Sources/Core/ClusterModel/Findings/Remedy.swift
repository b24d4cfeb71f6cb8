import Responsibility

/// What ends a finding, as facts; most are a command of this program or one on a node.
public indirect enum Remedy: Hashable, Sendable {
    /// Makes the node's tables anew, with the settings of most nodes.
    case reinstall(node: String)
    /// Gives the node's buckets to the others; at once when it cannot serve the connections that it would keep.
    case drain(node: String, isImmediate: Bool = false)
    /// Gives a dead node's buckets to the others.
    case takeOver(node: String)
    /// Ends the node's draining and adopting.
    case finalize(node: String)
    /// Makes a node a member.
    case join(node: String)
    /// Nodes are to be written into the cluster file, or out of the kernels' lists.
    case addToFile([String])
    /// Lets in the unknown connections of a node's own buckets, or of every node's: they go on, or are reset.
    case adopt(node: String?)
    /// Every node tells its neighbours the cluster MAC.
    case announce
    /// Gives every bucket exactly one owner.
    case repair
    /// Spreads the buckets evenly.
    case rebalance
    /// Makes the whole cluster anew, with these buckets for each node by name.
    case install(ClusterConfiguration, owned: [String: BucketSet])
    /// A command of the operating system, word by word, on a node.
    case command([String], on: String)

    /// An interface is to be brought back.
    case bringBack(interface: String, node: String)
    /// The address, of this prefix length, is to be taken out of what puts it on the interface beside clusterip.
    case unconfigure(IPAddress, Int, interface: String, node: String)
    /// The node's units are to make it a member of a cluster when it boots.
    case enableAtBoot(IPAddress, cluster: String, node: String)
    /// Switches and rules are to let the cluster MAC through to the node.
    case deliver(MACAddress, to: String)
    /// The node's service is to be looked at, and the way of its replies.
    case mendService(node: String)
    /// The node's routes back to its clients are to be mended.
    case mendRoute(node: String)
    /// The node's rules for what leaves it are to be mended.
    case mendFirewall(node: String)
    /// Rules that keep packets from connection tracking are to go.
    case endNotrack(node: String)
    /// The link to the node's agent is to be mended; why it failed, as far as that is known.
    case mendLink(node: String, LinkFailure?)
    /// These nodes are being connected to: it may end by itself.
    case awaitNodes([String])
    /// The links of these two nodes are to lead to two machines.
    case separateLinks(String, String)
    /// The node's rules for the address are to be deleted by hand, and the other nodes to have its buckets.
    case leaveByHand(node: String, IPAddress)
    /// The program that wrote a node's rules for the address is to write them anew.
    case rewriteRules(node: String, driver: String, IPAddress)
    /// A node that has no rules of this driver is to get those of these settings, for these buckets.
    case writeRules(node: String, driver: String, ClusterConfiguration, owned: BucketSet)
    /// The program that wrote a node's rules is to have its ARP packets say the cluster MAC.
    case rewriteARP(node: String, driver: String, ClusterConfiguration)
    /// The program that wrote a node's rules is to take its buckets elsewhere.
    case standby(node: String, driver: String, IPAddress)
    /// The program that wrote the nodes' rules is to give every bucket one owner.
    case placeByHand(String, IPAddress)
    /// The commands that made a node's rules are to be kept, and not what was saved of the rules.
    case keepCommands(node: String)
    /// Nothing, if it was meant.
    case acceptChange

    /// A plan that drivers without these abilities carry out in a poorer way, which the operator must want.
    case without([Capabilities.Ability], Remedy)
    /// One after the other.
    case inOrder([Remedy])
    /// What ends it for good, and what protects clients until then.
    case first(Remedy, meanwhile: Remedy)
    /// What is right when the node is dead, and what else, if anything.
    case ifDead(node: String, Remedy, otherwise: Remedy?)
}
