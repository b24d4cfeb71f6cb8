import ClusterModel
import NodeDriver
import Responsibility
import Testing

@testable import NodeAgent

/// A node's own file of settings.
@Suite struct NodeSettingsTests {
    private static let text = """
        # The cluster of the web servers.
        ---
        address: 10.8.0.1/24   # shared
        interface: "eth0"
        mac: 01:00:5e:08:00:01
        hashmode: sourceip-sourceport
        total_nodes: 16
        hash_init: 42
        members: [node1, node2, node3]

        """

    private static let configuration = ClusterConfiguration(
        name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 24, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 42)))

    @Test func `a file is read, and written as it is read`() throws {
        let settings = try NodeSettings(text: Self.text, name: "web")
        #expect(settings == NodeSettings(Self.configuration, members: ["node1", "node2", "node3"]))
        #expect(try NodeSettings(text: settings.text, name: "other") == settings)
        let parts = Self.text.split(separator: "sourceip-sourceport", omittingEmptySubsequences: false)
        let match = try NodeSettings(text: parts.joined(separator: "cluster-match"), name: "web")
        #expect(match.configuration.scheme == .clusterMatch(ClusterMatch(bucketCount: 16, seed: 42)))
        #expect(try NodeSettings(text: match.text, name: "web") == match)
        let least = try NodeSettings(
            text: "address: 10.8.0.1/24\r\ninterface: eth0\nmac: 01:00:5e:08:00:01\nhashmode: sourceip\ntotal_nodes: 2",
            name: "web")
        #expect(least.members.isEmpty && least.configuration.scheme.seedText == "0")
    }

    @Test(arguments: [
        ("hashmode: sourceip-sourceport", "", "hashmode is missing, such as sourceip, "),
        ("mac: 01:00:5e:08:00:01", "mac: 02:00:00:00:00:01", "is not a multicast address"),
        ("/24", "", "address: \"10.8.0.1\" should be such as 10.8.0.1/24"),
        ("total_nodes: 16", "total_nodes: many", "total_nodes: \"many\" should be such as 16"),
        ("total_nodes: 16", "total_nodes: 0", "0 is not a number of buckets"),
        ("hash_init", "hash_seed", "line 8: there is no key hash_seed; there are name, address, "),
        ("hash_init: 42", "interface: eth1", "line 8: interface stands there twice"),
        ("hash_init: 42", "owned", "line 8 is not `key: value`"),
        ("\"eth0\"", "\"eth0/1\"", "An interface's name has"),
    ]) func `what is wrong is named`(part: String, other: String, sentence: String) throws {
        let parts = Self.text.split(separator: part, omittingEmptySubsequences: false)
        let text = parts.joined(separator: other)
        #expect { try NodeSettings(text: text, name: "web") } throws: { "\($0)".contains(sentence) }
    }

    @Test func `a name is a file of the directory, and a path is a path`() {
        #expect(NodeSettings.path("web") == "/etc/clusterip/web.yaml")
        #expect(NodeSettings.path("./web.yaml") == "./web.yaml")
        #expect { try NodeSettings(file: "/nowhere/x.yaml") } throws: { "\($0)".contains("No such file") }
    }
}
