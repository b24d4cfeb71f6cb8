/// The bad lines of a batch: the first are named on standard error, all are counted.
struct BadLines {
    /// The most bad lines that are named.
    private static let named = 20

    /// How many there were.
    private(set) var count = 0

    /// Whether the next one will be named.
    var namesNext: Bool { count < Self.named }

    /// Takes a bad line.
    mutating func add(_ line: Int, _ what: String) {
        count += 1
        if count <= Self.named { CommandIO.complain("line \(line): \(what)") }
    }

    /// Says how many bad lines were not named.
    func finish() {
        guard count > Self.named else { return }
        CommandIO.complain("and \(count - Self.named) more bad lines, \(count) in all")
    }
}
