import ClusterModel
import Glibc

/// One kind of bytes that come from outside, and everything that the programs do with them.
///
/// What must not be is a trap: a broken promise ends the process, as a number that overflows does. The fuzzer, the corpus
/// tests and `Scripts/fuzz` run the same targets.
public struct FuzzTarget: Sendable {
    /// Its name on the command line, and that of its corpus.
    public let name: String
    /// What the bytes are.
    public let what: String
    /// The longest input worth trying, in bytes.
    public let limit: Int
    /// Takes bytes as a program would.
    public let run: @Sendable ([UInt8]) -> Void

    init(_ name: String, _ what: String, limit: Int = 4096, run: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.what = what
        self.limit = limit
        self.run = run
    }

    /// Every target there is.
    public static let all: [FuzzTarget] = [
        agent, answers, ssh, clusterFile, theme, journalFile, journalCells, capture, packets, lines, keys, text, stored,
    ]

    /// The target of a name; nil when there is none.
    public static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// Ends the process when a promise does not hold.
func require(_ holds: Bool, _ promise: @autoclosure () -> String) {
    guard !holds else { return }
    let promise = promise()
    _ = write(STDERR_FILENO, promise + "\n", promise.utf8.count + 1)
    preconditionFailure(promise)
}

/// Ends the process when a text that people are shown could command their terminal.
func requireSafe(_ text: String) {
    require(text.unicodeScalars.allSatisfy { $0 == "\n" || !$0.isUnsafe }, "unsafe text: \(text.debugDescription)")
}
