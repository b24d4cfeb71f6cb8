import FoundationEssentials
import Glibc
import Reactor
import TestSupport
import Testing

@testable import Lab

/// A place for one lab of a test, apart from every other lab on this machine; removed at the end.
final class TestLab {
    /// A program that has ended.
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The value of `XDG_RUNTIME_DIR`.
    let runtime: String
    /// The built `clusterip`, which lies beside the test program.
    static let executable: String = {
        let directory = (ProcessFacts.executable() ?? "").split(separator: "/").dropLast().joined(separator: "/")
        return "/\(directory)/clusterip"
    }()

    init() throws {
        runtime = try TemporaryDirectory.make("test")
    }

    deinit {
        _ = try? clusterip("lab", "down")
        try? FileManager.default.removeItem(atPath: runtime)
    }

    var directory: LabDirectory { LabDirectory(path: runtime + "/clusterip") }

    /// Whether nothing at all is left in the place.
    var isEmpty: Bool { (try? FileManager.default.contentsOfDirectory(atPath: runtime))?.isEmpty ?? false }

    /// Runs `clusterip` to its end.
    func clusterip(_ arguments: String...) throws -> Outcome { try run([Self.executable] + arguments) }

    /// Runs a shell script in a member's namespace.
    func exec(_ member: String, _ script: String) throws -> Outcome {
        try clusterip("lab", "exec", member, "--", "bash", "-c", script)
    }

    /// Runs a program to its end, 60 seconds at most, in this place.
    func run(_ arguments: [String]) throws -> Outcome {
        let prefix = ["env", "XDG_RUNTIME_DIR=\(runtime)", "timeout", "60"]
        let process = try ChildProcess(arguments: prefix + arguments)
        process.closeInput()
        var texts = ["", ""]
        for (index, descriptor) in [process.output, process.errors].enumerated() {
            _ = fcntl(descriptor, F_SETFL, 0)
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = read(descriptor, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
            texts[index] = String(decoding: bytes, as: UTF8.self)
        }
        let status = try #require(process.reap(waiting: true))
        return Outcome(
            status: status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f, output: texts[0], errors: texts[1])
    }

    /// Starts a lab and reads what its supervisor wrote.
    func up(_ options: String..., prefix: [String] = []) throws -> LabState {
        let outcome = try run(prefix + [Self.executable, "lab", "up"] + options)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return try #require(directory.state())
    }

    /// Waits, 10 seconds at most, for something to become true.
    static func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<500 {
            if try condition() { return true }
            usleep(20_000)
        }
        return try condition()
    }

    /// Whether none of a lab's processes is there any more.
    static func isGone(_ lab: LabState) -> Bool {
        ([lab.supervisor, lab.client.pid] + lab.nodes.map(\.pid)).allSatisfy(hasEnded)
    }

    /// Whether a process has ended; it may still wait for an init that never collects.
    static func hasEnded(_ pid: pid_t) -> Bool {
        let status = String(decoding: LabDirectory.contents(of: "/proc/\(pid)/stat"), as: UTF8.self)
        return status.isEmpty || status.contains(") Z ")
    }
}
