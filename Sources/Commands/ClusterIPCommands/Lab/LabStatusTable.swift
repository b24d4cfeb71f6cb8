import Lab
import Responsibility

/// `lab status` for people.
struct LabStatusTable {
    private let status: LabStatus

    init(_ status: LabStatus) { self.status = status }

    /// The whole text, newline at the end.
    var text: String { [head, nodes, traffic].joined(separator: "\n") }

    private var head: String {
        let options = status.options
        return """
            cluster file  \(status.clusterFile)
            supervisor    \(status.supervisor)
            placement     \(options.scheme.name), \(options.bucketCount) buckets, seed \(options.scheme.seedText)
            client        \(status.clientIsAlive ? "alive" : "dead")

            """
    }

    private var nodes: String {
        var table = TextTable([
            ("node", .left), ("state", .left), ("service", .left), ("pid", .right), ("open", .right),
            ("accepted", .right),
            ("datagrams", .right), ("answers seen", .right),
        ])
        for node in status.nodes {
            let numbers = [UInt64(clamping: node.service.connections), node.service.accepted, node.service.datagrams]
            let seen = status.traffic.map { "\($0.answers[node.name] ?? 0)" } ?? "-"
            let states = [node.isAlive ? "alive" : "dead", node.isAlive ? node.serviceState.rawValue : "-"]
            table.add([node.name] + states + ["\(node.pid)"] + numbers.map(String.init) + [seen])
        }
        return table.text
    }

    private var traffic: String {
        guard let traffic = status.traffic else { return "the client sends no traffic of its own\n" }
        var table = TextTable([
            ("client's traffic", .left), ("sent", .right), ("answered once", .right), ("twice", .right),
            ("not at all", .right), ("resets", .right), ("wrong", .right),
        ])
        for (name, pair) in [("UDP", traffic.udp), ("TCP", traffic.tcp)] {
            for (label, counts) in [("\(name), in all", pair.total), ("\(name), last second", pair.lastSecond)] {
                let numbers = [counts.sent, counts.once, counts.twice, counts.unanswered, counts.resets, counts.wrong]
                table.add([label] + numbers.map(String.init))
            }
        }
        return table.text
    }
}
