/// The wire between nodes and client: a bridge in the supervisor's namespace that floods multicast, as CLUSTERIP needs.
enum Bridge {
    /// Makes the bridge and a cable from it to every member, in one run of `ip`.
    static func connect(_ members: [Member], hasUserNamespace: Bool) throws(LabError) {
        var lines = [
            "link add \(LabNetwork.bridge) type bridge mcast_snooping 0 stp_state 0 forward_delay 0",
            "link set \(LabNetwork.bridge) up",
        ]
        lines += members.flatMap(cable)
        do throws(LabError) {
            try Tool.ip(lines)
        } catch {
            throw LabError(
                error.description + "; if this is not permitted: "
                    + NamespaceRefusal.cause(hasUserNamespace: hasUserNamespace) + NamespaceRefusal.alternative)
        }
    }

    /// Connects a member that boots.
    static func connect(_ member: Member) throws(LabError) { try Tool.ip(cable(member)) }

    /// Takes a member's cable away, with its `eth0`, whoever still uses that; it may be gone already.
    static func disconnect(_ member: Member) { try? Tool.ip(["link del \(member.name)"]) }

    private static func cable(_ member: Member) -> [String] {
        [
            "link add \(member.name) type veth peer name \(LabNetwork.interface) "
                + "address \(member.cableMAC) netns \(member.pid)",
            "link set \(member.name) master \(LabNetwork.bridge) up",
        ]
    }
}
