import Glibc
import Reactor
import Testing

/// A built executable of this package, run to its end.
struct Program {
    /// What a run came to.
    struct Outcome {
        var status: String
        var output: String
        var errors: String

        /// The lines of the output.
        var lines: [Substring] { output.split(separator: "\n") }
    }

    /// The directory of the built executables: the test bundle's own.
    static var directory: String {
        let map = (try? Program.text("/proc/self/maps")) ?? ""
        let bundle = map.split(separator: "\n").lazy.compactMap { $0.split(separator: " ").last }
            .first { $0.hasSuffix(".xctest") }
        return bundle.map { String($0[..<($0.lastIndex(of: "/") ?? $0.endIndex)]) } ?? ".build/debug"
    }

    /// Runs `clusterip` with arguments and text on its standard input, for ten seconds at most.
    static func run(_ arguments: String..., input: String = "") throws -> Outcome {
        try run([directory + "/clusterip"] + arguments, input: input)
    }

    /// Runs any command.
    static func run(_ command: [String], input: String = "") throws -> Outcome {
        let child = try ChildProcess(arguments: ["timeout", "-k", "1", "20"] + command)
        let reactor = try Reactor()
        var rest = Array(input.utf8)[...]
        var texts: [Int32: [UInt8]] = [child.output: [], child.errors: []]
        var open = 2
        for descriptor in [child.output, child.errors] {
            var token: Reactor.Token?
            token = try reactor.watch(descriptor) { _ in
                var buffer = [UInt8](repeating: 0, count: 65536)
                let count = read(descriptor, &buffer, buffer.count)
                if count > 0 { return texts[descriptor, default: []].append(contentsOf: buffer[..<count]) }
                if let token { reactor.cancel(token) }
                open -= 1
                if open == 0 { reactor.stop() }
            }
        }
        reactor.after(0.001, repeating: true) {
            let count = rest.withUnsafeBytes { rest.isEmpty ? 0 : write(child.input, $0.baseAddress, $0.count) }
            rest = rest.dropFirst(max(count, 0))
            if rest.isEmpty { child.closeInput() }
        }
        reactor.run()
        child.reap(waiting: true)
        func text(_ descriptor: Int32) -> String { String(decoding: texts[descriptor] ?? [], as: UTF8.self) }
        return Outcome(status: child.ending ?? "", output: text(child.output), errors: text(child.errors))
    }

    /// The text of a file.
    static func text(_ path: String) throws -> String {
        let descriptor = Glibc.open(path, O_RDONLY)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
