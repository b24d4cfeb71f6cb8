import NodeLinks
import Responsibility
import Testing

@testable import ClusterIPCommands

@Suite("Cluster files")
struct ClusterFileTests {
    private func file(_ yaml: String) throws -> ClusterFile { try ClusterFile(yaml: yaml, path: "web.yaml") }

    private func refusal(_ yaml: String) -> String {
        do throws(CommandError) {
            _ = try ClusterFile(yaml: yaml, path: "web.yaml")
            return "was read"
        } catch { return error.description }
    }

    @Test("every form of a link")
    func links() throws {
        let found = try file(
            """
            name: web
            address: 10.8.0.1
            nodes:
              - { name: a, link: local }
              - { name: b, link: ssh }
              - { name: c, link: { ssh: c.example.net } }
              - { name: d, link: { ssh: { host: d.example.net, user: ops, port: 2222, sudo: true, agent: /opt/agent } } }
              - { name: e, link: { ssh: { user: ops } } }
              - { name: f, link: { namespace: { pid: 42 } } }
              - { name: g, link: { namespace: { pid: 43, user: true } } }
              - { name: h, link: { namespace: { path: /run/x/node1/ns, user: true } } }
              - { name: i, link: { namespace: { path: /x/ns, through: /x/run } } }
            """)
        #expect(found.name == "web" && found.address == IPAddress("10.8.0.1"))
        #expect(found.nodes.map(\.name) == ["a", "b", "c", "d", "e", "f", "g", "h", "i"])
        let readOnly = try ClusterFile(
            yaml: """
                read_only: true
                nodes:
                  - { name: a, link: local }
                  - { name: b, link: local, read_only: false }
                """, path: "c.yaml")
        #expect(readOnly.nodes.map(\.isReadOnly) == [true, false])
        #expect(throws: CommandError.self) {
            try ClusterFile(yaml: "nodes: [{ name: a, link: local, read_only: 3 }]", path: "c.yaml")
        }
        let expected: [LinkTarget?] = [
            .local, SSHTarget(host: "b").map(LinkTarget.ssh), SSHTarget(host: "c.example.net").map(LinkTarget.ssh),
            SSHTarget(host: "d.example.net", user: "ops", port: 2222, usesSudo: true, agent: "/opt/agent")
                .map(LinkTarget.ssh),
            SSHTarget(host: "e", user: "ops").map(LinkTarget.ssh), .namespace(path: "/proc/42/ns", user: false),
            .namespace(path: "/proc/43/ns", user: true), .namespace(path: "/run/x/node1/ns", user: true),
            .namespace(path: "/x/ns", user: false, through: "/x/run"),
        ]
        #expect(found.nodes.map { Optional($0.link) } == expected)
    }

    @Test("a file without name and address")
    func least() throws {
        let found = try file("nodes: [{ name: a, link: local }]")
        #expect(found.name == "cluster" && found.address == nil)
    }

    @Test(
        "what is wrong is named with its key",
        arguments: [
            ("", "web.yaml: a cluster file has the keys name, address and nodes"),
            ("- a", "web.yaml: a cluster file has the keys name, address and nodes"),
            ("name: web", "web.yaml: nodes: a list of nodes is missing"),
            ("nodes: []", "web.yaml: nodes: a list of nodes is missing"),
            ("nodes: a", "web.yaml: nodes: a list of nodes is missing"),
            ("nodes: [{ link: local }]", "web.yaml: nodes: entry 1 has no name"),
            ("nodes: [{ name: '', link: local }]", "web.yaml: nodes: entry 1 has no name"),
            (
                "nodes: [{ name: a, link: local }, { name: a, link: local }]", "web.yaml: nodes: a is listed twice"
            ),
            (
                "{ address: 10.8.0.300, nodes: [] }",
                "web.yaml: address: \"10.8.0.300\" is not an address such as 10.8.0.1"
            ),
        ])
    func wrong(_ yaml: String, _ sentence: String) { #expect(refusal(yaml) == sentence) }

    @Test(
        "a link that could be an option, reach a shell or name no process",
        arguments: [
            "telnet", "{ ssh: -oProxyCommand=x }", "{ ssh: 'a;b' }", "{ ssh: { host: a, user: '-l' } }",
            "{ ssh: { host: a, port: 0 } }", "{ ssh: { host: a, port: 70000 } }", "{ ssh: { host: a, port: x } }",
            "{ ssh: { host: a, agent: 'x y' } }", "{ namespace: { pid: 0 } }", "{ namespace: { pid: -1 } }", "[]", "",
        ])
    func wrongLink(_ link: String) {
        #expect(refusal("nodes: [{ name: a, link: \(link) }]").hasPrefix("web.yaml: nodes: a: link must be `local`"))
    }

    @Test("no YAML, and more nodes than a cluster has")
    func limits() {
        #expect(refusal("nodes: [").hasPrefix("web.yaml: this is not YAML: "))
        func nodes(_ count: Int) -> String {
            "nodes: [" + (1...count).map { "{ name: n\($0), link: local }" }.joined(separator: ", ") + "]"
        }
        #expect(refusal(nodes(256)) == "was read")
        #expect(refusal(nodes(257)) == "web.yaml: nodes: there are 257; 256 at most are possible")
    }
}
