import NodeLinks
import Testing

@Suite struct LinkTargetTests {
    @Test func `each target has its command, and no shell is in it`() throws {
        #expect(LinkTarget.local.arguments(agent: "/x/agent") == ["/x/agent"])
        #expect(
            LinkTarget.namespace(path: "/proc/7/ns", user: true).arguments(agent: "/x/agent")
                == [
                    "nsenter", "--user=/proc/7/ns/user", "--preserve-credentials", "--net=/proc/7/ns/net", "--",
                    "/x/agent",
                ])
        let guest = LinkTarget.namespace(path: "/x/ns", user: false, through: "/x/run")
        #expect(guest.isRemote && !LinkTarget.namespace(path: "/x/ns", user: false).isRemote)
        #expect(guest.arguments(agent: "/x/agent") == ["nsenter", "--net=/x/ns/net", "--", "/x/run", "/x/agent"])
        let target = try #require(SSHTarget(host: "node1", user: "ops", port: 2222, usesSudo: true))
        #expect(
            LinkTarget.ssh(target).arguments(agent: "/x/agent").suffix(7)
                == ["-p", "2222", "-l", "ops", "--", "node1", "sudo -n clusterip-agent"])
    }

    @Test(arguments: ["", "-oProxyCommand=evil", "a b", "a;b", "$(x)", "a\nb", "ü", String(repeating: "a", count: 300)])
    func `a host that could be an option or a command is refused`(host: String) {
        #expect(SSHTarget(host: host) == nil)
        #expect(SSHTarget(host: "node1", user: host) == nil)
        #expect(SSHTarget(host: "node1", agent: host) == nil)
    }

    @Test(arguments: ["node1", "node1.example.net", "10.0.0.1", "fe80::1%eth0"])
    func `usual hosts are taken`(host: String) { #expect(SSHTarget(host: host) != nil) }
}
