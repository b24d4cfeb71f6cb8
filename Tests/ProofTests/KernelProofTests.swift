import ClusterModel
import Glibc
import Lab
import Reactor
import Testing

/// Moves on real kernels while agents and consoles are killed and stopped, judged by the client's own count of answers.
@Suite(.serialized) struct KernelProofTests {
    private enum Fault: CaseIterable {
        case killConsole, killAgents, stopAgents
    }

    @Test func `killed agents, killed consoles and stopped agents never make two owners`() throws {
        let lab = try ProofLab()
        let started = Reactor.now
        _ = try lab.run("move", "1-16", "--to", "node3", "--yes")
        let whole = Double(Reactor.now - started) / 1e3
        // Where the knife falls, as a part of the time that a whole move takes: the steps come at its end.
        for (index, part) in [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1].enumerated() {
            let target = "node\(index % 3 + 1)"
            let move = try lab.begin("move", "1-16", "--to", target, "--yes")
            usleep(UInt32(whole * part))
            try strike(Fault.allCases[index % 3], move, lab)
            _ = lab.end(move)
            try lab.makeWhole(target)
            let coverage = try lab.coverage()
            #expect(coverage.conflicts.isEmpty && coverage.orphans.isEmpty, "struck at \(part): \(coverage)")
        }
        usleep(1_600_000)
        let traffic = try #require(try lab.status().traffic)
        #expect(traffic.udp.total.twice == 0 && traffic.tcp.total.twice == 0)
        #expect(traffic.udp.total.once > 1000)
    }

    private func strike(_ fault: Fault, _ move: ProofLab.Run, _ lab: ProofLab) throws {
        switch fault {
        case .killConsole: kill(move.pid, SIGKILL)
        case .killAgents: try lab.signalAgents(of: move.pid, SIGKILL)
        case .stopAgents:
            let agents = try lab.signalAgents(of: move.pid, SIGSTOP)
            usleep(900_000)
            for agent in agents { kill(agent, SIGCONT) }
        }
    }
}
