import ClusterModel
import FoundationEssentials
import Glibc
import Reactor
import TestSupport
import Testing

@testable import Lab

/// A lab of one test alone, with the built programs; removed at the end.
final class TestLab {
    /// A program that runs.
    struct Run {
        var process: ChildProcess
        var pid: pid_t { process.pid }
    }

    /// What `clusterip status --format json` says.
    struct Coverage: Decodable {
        var orphans: BucketSet
        var conflicts: BucketSet
    }

    private struct Report: Decodable {
        struct Cluster: Decodable { var coverage: Coverage }
        var clusters: [Cluster]
    }

    private let runtime: String
    /// The path of `clusterip`.
    let executable: String

    /// What the lab's supervisor wrote down.
    var state: LabState? { LabDirectory(path: runtime + "/clusterip").state() }

    init(options: [String] = ["--rate", "1000"]) throws {
        runtime = try TemporaryDirectory.make("simulation")
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        executable = program.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/clusterip"
        let up = end(try begin(["lab", "up"] + options))
        try #require(up.status == 0, "\(up.output)")
    }

    deinit {
        _ = try? run("lab", "down")
        try? FileManager.default.removeItem(atPath: runtime)
    }

    /// Starts `clusterip` with these arguments.
    func begin(_ arguments: String...) throws -> Run { try begin(arguments) }

    private func begin(_ arguments: [String]) throws -> Run {
        // By env, which becomes the program: other tests of this process have an environment of their own.
        let process = try ChildProcess(
            arguments: ["env", "XDG_RUNTIME_DIR=\(runtime)", "XDG_STATE_HOME=\(runtime)", executable] + arguments,
            errorOutput: .discarded)
        process.closeInput()
        return Run(process: process)
    }

    /// Waits for the program's end, 20 seconds at most.
    func end(_ run: Run) -> (status: Int32, output: String) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        let limit = Reactor.now + 20_000_000_000
        while Reactor.now < limit {
            let count = read(run.process.output, &buffer, buffer.count)
            if count == 0 { break }
            if count > 0 { bytes += buffer[..<count] } else { usleep(2000) }
        }
        if Reactor.now >= limit { kill(run.pid, SIGKILL) }
        return (run.process.reap(waiting: true) ?? -1, String(decoding: bytes, as: UTF8.self))
    }

    /// Runs `clusterip` to its end.
    func run(_ arguments: String...) throws -> (status: Int32, output: String) { end(try begin(arguments)) }

    /// Sends a signal to every agent that a console has started; returns their processes.
    @discardableResult
    func signalAgents(of console: pid_t, _ signal: Int32) throws -> [pid_t] {
        let path = "/proc/\(console)/task/\(console)/children"
        let children = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let agents = children.split(separator: " ").compactMap { pid_t($0) }
        for agent in agents { kill(agent, signal) }
        return agents
    }

    /// Which buckets have no owner, and which have two.
    func coverage() throws -> Coverage {
        let output = try run("status", "--format", "json").output
        return try #require(
            try JSONDecoder().decode(Report.self, from: Data(output.utf8)).clusters.first?.coverage)
    }

    /// Gives what nobody answers to a node.
    func makeWhole(_ target: String) throws {
        for _ in 0..<3 {
            let orphans = try coverage().orphans
            if orphans.isEmpty { return }
            _ = try run("move", orphans.description, "--to", target, "--yes")
        }
    }

    /// What the client counted.
    func status() throws -> LabStatus {
        try JSONDecoder().decode(LabStatus.self, from: Data(try run("lab", "status", "--format", "json").output.utf8))
    }
}
