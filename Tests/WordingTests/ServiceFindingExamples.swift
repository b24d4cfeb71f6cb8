import ClusterModel
import Planning
import Responsibility
import Testing

@testable import Wording

/// What is said of nodes whose clients get no replies, for the table of `FindingWordsTests`.
extension FindingWordsTests {
    private static func stillness(refused: Double = 0, bare: Double = 0) -> ServiceRecord.Silence {
        var silence = ServiceRecord.Silence()
        (silence.seconds, silence.intervals, silence.accepted) = (3, 3, 88)
        (silence.byPackets, silence.byTime) = (85, 85)
        (silence.refused, silence.bare) = (refused, bare)
        return silence
    }

    static let service: [Example] = [
        Example(
            .service(.notReplying(stillness(), formerShare: 0.97, replying: ["a", "c"])), node: "b", buckets: [3, 4],
            by: .first(.mendService(node: "b"), meanwhile: .drain(node: "b", isImmediate: true)), .critical,
            (
                "b let in 88 packets in 3.0 s and replied to none, where before 97 of 100 were replied to; a and c reply",
                "clients of this node get no reply",
                "on b: see whether the service runs and answers, and whether routes and firewall let its replies "
                    + "out; until then: clusterip drain b --mode immediate"
            )),
        Example(
            .service(
                .notReplying(
                    stillness(), formerShare: nil, replying: ["a"], obstacle: .noRoute(IPAddress(10, 9, 0, 1)))),
            node: "b", by: .mendRoute(node: "b"), .critical,
            (
                "b let in 88 packets in 3.0 s and replied to none: it has no route to 10.9.0.1; a replies",
                "clients of this node get no reply", "on b: mend the routes back to the clients (ip route)"
            )),
        Example(
            .service(.notReplying(stillness(refused: 40), formerShare: nil, replying: [])), node: "b",
            by: .mendFirewall(node: "b"), .critical,
            (
                "b let in 88 packets in 3.0 s and refused 40 of them: no service listens there; no node replies now",
                "clients of this node are refused",
                "on b: look for rules that drop what leaves it (nft list ruleset, iptables-save), and end them"
            )),
        Example(
            .service(.notReplying(stillness(bare: 9), formerShare: nil, replying: ["a"])),
            node: "b", by: .mendFirewall(node: "b"), .warning,
            (
                "b let in 88 packets in 3.0 s and sent back no data: its kernel answers, its service does not; a replies",
                "clients of this node get no reply",
                "on b: look for rules that drop what leaves it (nft list ruleset, iptables-save), and end them"
            )),
        Example(
            .service(.connectionsLost(segments: 19, seconds: 3)), node: "b", buckets: [3], by: .adopt(node: "b"),
            .warning,
            (
                "19 TCP segments of b's buckets in 3.0 s belong to no connection that a node knows",
                "clients of these connections wait in vain until they give up, and connect again", "clusterip adopt b"
            )),
        Example(
            .service(.neighboursMisled(IPAddress(10, 8, 0, 1), [mac: 7], seconds: 5)), node: "b", by: .announce,
            .critical,
            (
                "01:00:5e:08:00:01 sent 7 packets for 10.8.0.1 to b's own MAC in 5.0 s",
                "what these neighbours send reaches this node alone: clients of the other nodes' buckets get no answer",
                "clusterip announce"
            )),
        Example(
            .interface(.groupMissing(interface: "eth0", IPAddress(239, 8, 0, 1))), node: "b", buckets: [3],
            by: .command(["ip", "address", "add", "239.8.0.1/32"], on: "b"), .warning,
            (
                "b: eth0 has not joined the group 239.8.0.1",
                "a switch that snoops may send it nothing: clients in this node's buckets get no answer",
                "on b: ip address add 239.8.0.1/32"
            )),
    ]
}
