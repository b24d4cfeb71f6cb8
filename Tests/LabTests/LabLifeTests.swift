import Glibc
import Testing

@testable import Lab

/// A whole lab, made by the built programs with real namespaces.
@Suite(.serialized)
struct LabLifeTests {
    @Test func upPrintsOnlyThePathAndDownLeavesNothing() throws {
        let place = try TestLab()
        let up = try place.clusterip("lab", "up", "--no-traffic")
        #expect(up.status == 0 && up.errors.isEmpty)
        let lab = try #require(place.directory.state())
        #expect(up.output == lab.clusterFile + "\n")
        #expect(String(decoding: LabDirectory.contents(of: lab.clusterFile), as: UTF8.self) == lab.clusterFileText)
        #expect(lab.nodes.map(\.name) == ["node1", "node2", "node3"])

        #expect(try place.clusterip("lab", "down").status == 0)
        #expect(TestLab.isGone(lab))
        #expect(place.isEmpty)
        #expect(try place.clusterip("lab", "down").status == 0)
    }

    @Test func addressesAreWhereTheyAreDocumentedToBe() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic", "--nodes", "2")
        for (member, address) in [("node1", "10.8.1.1/16"), ("node2", "10.8.1.2/16"), ("client", "10.8.2.1/16")] {
            #expect(try place.exec(member, "ip -4 -o address show dev eth0").output.contains(" \(address) "))
        }
        #expect(try place.exec("node1", "ip -4 -o address show dev eth0").output.contains(" 10.8.0.1/16 "))
        #expect(try place.exec("node1", "ip route get 10.9.200.7").output.hasPrefix("10.9.200.7 via 10.8.2.1 dev eth0"))
        #expect(try place.exec("client", "ip route get 10.9.200.7").output.hasPrefix("local 10.9.200.7 "))
        #expect(try place.exec("client", "ip -o link show master clusterip0").status != 0)
    }

    @Test func servicesSayWhoTheyAreAndEcho() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic")
        let tcp = try place.exec(
            "client", "exec 3<>/dev/tcp/10.8.0.1/7777; read -u3 n; echo a b >&3; read -u3 l; echo \"$n,$l\"")
        #expect(tcp.output.wholeMatch(of: /node[123],a b\n/) != nil)
        let udp = try place.exec(
            "client", "exec 3<>/dev/udp/10.8.0.1/7777; echo hello >&3; timeout 5 dd bs=9000 count=1 <&3 2>/dev/null")
        #expect(udp.output.wholeMatch(of: /node[123] hello\n/) != nil)
        let neighbour = try place.exec("client", "ip neigh show 10.8.0.1")
        #expect(neighbour.output.contains(" lladdr \(LabNetwork.clusterMAC) "))
    }

    @Test func execPassesOnStatusesAndSignals() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic", "--nodes", "1")
        #expect(try place.exec("node1", "exit 7").status == 7)
        #expect(try place.exec("client", "kill -TERM $$").status == 128 + SIGTERM)
        #expect(try place.clusterip("lab", "exec", "client", "--", "echo", "-n", "a b").output == "a b")
        let unknown = try place.clusterip("lab", "exec", "node2", "--", "true")
        #expect(unknown.status == 1 && unknown.errors.contains("no node2"))
    }

    @Test func theClientSeesEveryRequestAnsweredOnce() throws {
        let place = try TestLab()
        let lab = try place.up()
        #expect(try TestLab.eventually { (try LabStatus(lab).traffic?.udp.total.sent ?? 0) > 100 })
        let traffic = try #require(try LabStatus(lab).traffic)
        #expect(traffic.udp.total.once == traffic.udp.total.sent)
        #expect(traffic.tcp.total.once == traffic.tcp.total.sent)
        #expect(traffic.udp.total.wrong + traffic.tcp.total.wrong + traffic.tcp.total.resets == 0)
        #expect(traffic.answers.keys.sorted() == ["node1", "node2", "node3"])
        #expect(traffic.answers.values.allSatisfy { $0 > 0 })
    }

    @Test func theClientSeesTwoOwnersAndNone() throws {
        let place = try TestLab()
        let lab = try place.up("--nodes", "2", "--buckets", "2")
        let owned = "element ip clusterip_10_8_0_1 owned"
        #expect(try place.exec("node1", "nft add \(owned) { 2 }").status == 0)
        #expect(try TestLab.eventually { (try LabStatus(lab).traffic?.udp.total.twice ?? 0) > 0 })
        #expect(try place.exec("node1", "nft delete \(owned) { 1, 2 }").status == 0)
        #expect(try TestLab.eventually { (try LabStatus(lab).traffic?.udp.total.unanswered ?? 0) > 0 })
    }

    @Test func aKilledSupervisorTakesEverythingWithIt() throws {
        let place = try TestLab()
        let lab = try place.up()
        kill(lab.supervisor, SIGKILL)
        #expect(TestLab.eventually { TestLab.isGone(lab) })
        #expect(try place.clusterip("lab", "status").status == 1)
        #expect(place.isEmpty)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP]) func aSignalEndsTheLab(_ signal: Int32) throws {
        let place = try TestLab()
        let lab = try place.up("--nodes", "1")
        kill(lab.supervisor, signal)
        #expect(TestLab.eventually { TestLab.isGone(lab) && place.isEmpty })
    }

    @Test func aKilledNodeIsReportedAndTheOthersGoOn() throws {
        let place = try TestLab()
        let lab = try place.up("--nodes", "2")
        kill(lab.nodes[0].pid, SIGKILL)
        #expect(try TestLab.eventually { try LabStatus(lab).nodes.map(\.isAlive) == [false, true] })
        #expect(try place.clusterip("lab", "status").output.contains("dead"))
        #expect(try place.clusterip("lab", "down").status == 0)
        #expect(TestLab.isGone(lab))
    }

    @Test func aSecondLabIsRefused() throws {
        let place = try TestLab()
        let lab = try place.up("--no-traffic", "--nodes", "1")
        let second = try place.clusterip("lab", "up")
        #expect(second.status == 1 && second.output.isEmpty)
        #expect(second.errors.contains("up already (\(lab.clusterFile))") && second.errors.contains("lab down"))
        #expect(place.directory.state() == lab)
    }

    @Test func downEndsProgramsLeftInTheNamespaces() throws {
        let place = try TestLab()
        _ = try place.up("--no-traffic", "--nodes", "1")
        let started = try place.exec("node1", "sleep 600 >/dev/null 2>&1 & echo $!")
        let pid = try #require(pid_t(started.output.dropLast()))
        #expect(!TestLab.hasEnded(pid))
        #expect(try place.clusterip("lab", "down").status == 0)
        #expect(TestLab.hasEnded(pid))
    }

    @Test func aBoundLabEndsWithItsObject() throws {
        let place = try TestLab()
        let lab = try Lab.start(
            LabOptions(nodes: 2), isBound: true, executable: TestLab.executable, directory: place.directory)
        #expect(lab.state.nodes.count == 2)
        lab.end()
        #expect(TestLab.isGone(lab.state))
        #expect(place.isEmpty)
    }
}
