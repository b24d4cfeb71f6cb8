import Glibc
import Testing

@testable import Lab

/// Nodes that die and boot, and services that die and hang, in a lab that is up.
@Suite(.serialized)
struct NodeLossTests {
    private static let table = "clusterip_10_8_0_1"

    @Test func `a killed node is gone with all that was in its kernel`() throws {
        let place = try TestLab()
        let lab = try place.up("--no-traffic", "--nodes", "2")
        let left = try place.exec("node2", "sleep 600 >/dev/null 2>&1 & echo $!")
        let sleeper = try #require(pid_t(left.output.dropLast()))
        #expect(try place.clusterip("lab", "kill", "node2").status == 0)
        #expect(TestLab.hasEnded(sleeper) && TestLab.hasEnded(lab.nodes[1].pid))
        #expect(try Self.onBridge(place, lab, "ip link show node2").status != 0)
        let entered = try place.exec("node2", "true")
        #expect(entered.status != 0 && entered.errors.contains("No such file"), "\(entered)")
        #expect(try TestLab.eventually { try LabStatus(lab).nodes.map(\.isAlive) == [true, false] })
        let again = try place.clusterip("lab", "kill", "node2")
        #expect(again.status == 1 && again.errors == "clusterip: node2 is dead already\n", "\(again)")
    }

    @Test func `a booted node is a member that owns nothing, and links find it`() throws {
        let place = try TestLab()
        let lab = try place.up("--nodes", "3")
        _ = try place.exec("node2", "ip link add dummy0 type dummy 2>/dev/null; nft add table ip mine")
        let refused = try place.clusterip("lab", "boot", "node2")
        #expect(refused.errors == "clusterip: node2 is running; `clusterip lab kill node2` first\n", "\(refused)")
        #expect(try place.clusterip("lab", "kill", "node2").status == 0)
        let taken = try place.clusterip("takeover", "node2", "--yes", "--force", "not-fenced", "--settle", "0")
        #expect(taken.status == 0, "\(taken)")
        let booted = try place.clusterip("lab", "boot", "node2")
        #expect(booted.status == 0 && booted.errors.isEmpty, "\(booted)")
        #expect(try place.exec("node2", "nft list tables").output.contains("table ip mine") == false)
        #expect(try place.exec("node2", "nft list set ip \(Self.table) owned").output.contains("elements") == false)
        #expect(try place.exec("node2", "ip -4 -o address show dev eth0").output.contains(" 10.8.0.1/16 "))
        #expect(place.directory.state()?.nodes[1].pid != lab.nodes[1].pid)
        let restored = try place.clusterip("restore", "node2", "--yes")
        #expect(restored.status == 0, "\(restored)")
        #expect(try place.exec("node2", "nft list set ip \(Self.table) owned").output.contains("elements"))
        let (before, after) = (try LabStatus(lab).traffic?.udp.total, { try LabStatus(lab).traffic?.udp.total })
        #expect(try TestLab.eventually { (try after()?.once ?? 0) > (before?.once ?? 0) + 300 })
        #expect(try after()?.twice == before?.twice)
    }

    @Test func `a node whose process is killed is off the wire, whoever holds its namespace`() throws {
        let place = try TestLab()
        let lab = try place.up("--no-traffic", "--nodes", "2")
        _ = try place.exec("node2", "sleep 600 >/dev/null 2>&1 &")
        kill(lab.nodes[1].pid, SIGKILL)
        #expect(try TestLab.eventually { try LabStatus(lab).nodes[1].isAlive == false })
        #expect(try Self.onBridge(place, lab, "ip link show node2").status != 0)
        #expect(try place.clusterip("lab", "boot", "node2").status == 0)
        #expect(try place.exec("client", "ping -c 1 -W 2 10.8.1.2").status == 0)
    }

    @Test(arguments: [true, false]) func `a flushed node is silent where its guard is held`(isHeld: Bool) throws {
        let place = try TestLab()
        let lab = try isHeld ? place.up("--nodes", "2") : place.up("--nodes", "2", "--no-guard")
        #expect(try TestLab.eventually { (try LabStatus(lab).traffic?.udp.total.once ?? 0) > 50 })
        #expect(try place.exec("node2", "nft flush ruleset").status == 0)
        #expect(try TestLab.eventually { (try LabStatus(lab).traffic?.udp.total.unanswered ?? 0) > 30 } == isHeld)
        #expect(try (LabStatus(lab).traffic?.udp.total.twice ?? 0 == 0) == isHeld)
        let found = try place.clusterip("findings", "--for", "0.5").output
        #expect(found.contains("its guard stands") == isHeld, "\(found)")
        // Whoever kills the holder as well has it back at once.
        let script = "pkill -KILL --ns $$ --nslist net -f '[c]lusterip-agent guard'; true"
        #expect(try !isHeld || place.exec("node2", script).status == 0)
        #expect(try place.clusterip("reinstall", "node2", "--yes").status == 0)
        let guards = { try place.exec("node2", "nft list tables").output }
        #expect(try TestLab.eventually { try guards().contains("clusterip_held_10_8_0_1") == isHeld })
        #expect(try TestLab.eventually { try place.clusterip("findings", "--for", "0.5").status == 0 })
    }

    @Test func `a service dies and hangs while its kernel goes on`() throws {
        let place = try TestLab()
        let lab = try place.up("--no-traffic", "--nodes", "1")
        let connect = "exec 3<>/dev/tcp/10.8.0.1/7777 && read -t 1 -u3 n && echo $n"
        for (action, state, answer) in [
            ("stop", ServiceState.stopped, ""), ("continue", .running, "node1\n"), ("stop", .stopped, ""),
            ("kill", .dead, ""), ("start", .running, "node1\n"), ("kill", .dead, ""),
        ] {
            let outcome = try place.clusterip("lab", "service", "node1", action)
            #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(action): \(outcome)")
            #expect(try place.exec("client", connect).output == answer, "\(action)")
            #expect(try TestLab.eventually { try LabStatus(lab).nodes[0].serviceState == state })
            #expect(try place.exec("client", "ping -c 1 -W 2 10.8.1.1").status == 0, "\(action)")
        }
        let again = try place.clusterip("lab", "kill", "node1", "--service")
        #expect(again.errors == "clusterip: the service of node1 is dead\n", "\(again)")
        let unknown = try place.clusterip("lab", "kill", "node7")
        #expect(unknown.errors.contains("there is no node7 in the lab; there are node1 to node1"), "\(unknown)")
    }

    @Test func `a node that cannot boot stays dead, and the lab goes on`() throws {
        let place = try TestLab()
        let lab = try place.up("--no-traffic", "--nodes", "2")
        #expect(try place.clusterip("lab", "kill", "node2").status == 0)
        // Its cable's name is taken.
        #expect(try Self.onBridge(place, lab, "ip link add node2 type bridge").status == 0)
        let outcome = try place.clusterip("lab", "boot", "node2")
        #expect(outcome.status == 1 && outcome.errors.contains("File exists"), "\(outcome)")
        #expect(try place.clusterip("lab", "boot", "node2").status == 0)
        #expect(try LabStatus(lab).nodes[0].isAlive)
    }

    private static func onBridge(_ place: TestLab, _ lab: LabState, _ script: String) throws -> TestLab.Outcome {
        try place.run(["nsenter", "-t", "\(lab.supervisor)", "-n", "--", "bash", "-c", script])
    }
}
