import Glibc
import Testing

@testable import Lab

/// Labs that cannot be, and labs without privileges.
@Suite(.serialized)
struct LabRefusalTests {
    /// Root without its capabilities is refused namespaces unless it makes a user namespace first; to map root there,
    /// the kernel wants CAP_SETFCAP (user_namespaces(7)).
    private static let unprivileged =
        geteuid() == 0 ? ["setpriv", "--inh-caps=-all", "--bounding-set=-all,+setfcap"] : []

    @Test func withoutPrivilegesTheLabLivesInAUserNamespace() throws {
        let place = try TestLab()
        let lab = try place.up("--no-traffic", prefix: Self.unprivileged)
        #expect(lab.hasUserNamespace)
        #expect(try place.run(Self.unprivileged + lab.enterArguments(lab.nodes[0]) + ["id", "-u"]).output == "0\n")
        let echo = try place.exec("client", "exec 3<>/dev/tcp/10.8.0.1/7777; read -u3 n; echo $n")
        #expect(echo.output.wholeMatch(of: /node[123]\n/) != nil)
        #expect(try place.run(Self.unprivileged + [TestLab.executable, "lab", "down"]).status == 0)
        #expect(TestLab.isGone(lab) && place.isEmpty)
    }

    @Test func refusedNamespacesAreExplained() throws {
        let place = try TestLab()
        let script = "echo 0 > /proc/sys/user/max_net_namespaces && exec \(TestLab.executable) lab up"
        let outcome = try place.run(["unshare", "--user", "--map-root-user", "sh", "-c", script])
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("sysctl user.max_net_namespaces is 0"))
        #expect(outcome.errors.contains("clusterip demo --simulated"))
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(place.isEmpty)
    }

    @Test func aMissingAgentIsNamedAndNothingIsLeft() throws {
        let place = try TestLab()
        let other = try TestLab()
        // A descriptor of this process's own could still be open for writing in a child of another test.
        try #require(try place.run(["cp", TestLab.executable, other.runtime]).status == 0)
        let outcome = try place.run([other.runtime + "/clusterip", "lab", "up"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("\(other.runtime)/clusterip-agent"))
        #expect(place.isEmpty)
    }

    @Test func aDirectoryOfSomebodyElseIsNotUsed() throws {
        let place = try TestLab()
        mkdir(place.directory.path, 0o777)
        chmod(place.directory.path, 0o777)
        let outcome = try place.clusterip("lab", "up")
        #expect(outcome.status == 1 && outcome.errors.contains("mode 0700"))
    }

    @Test(arguments: [
        (LabOptions(nodes: 0), "1 to 64 nodes, not 0"), (LabOptions(nodes: 65), "not 65"),
        (LabOptions(scheme: .buckets(0)), "1 to 65536 buckets, not 0"),
        (LabOptions(scheme: .buckets(65_537)), "not 65537"),
        (LabOptions(rate: 0), "1 to 100000 packets a second, not 0"),
    ]) func valuesOutOfRangeAreNamed(_ options: LabOptions, _ part: String) {
        #expect { try options.validate() } throws: { "\($0)".contains(part) }
    }
}
