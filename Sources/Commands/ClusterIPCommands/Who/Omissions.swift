/// What a listing left out.
struct Omissions {
    /// Lines that could not be answered.
    var bad = BadLines()
    /// Flows to other addresses than the one asked for.
    var otherDestination = 0

    /// Why flows could not be placed, with how many.
    var unplaced: [String: Int] = [:]

    /// The exit status that this comes to.
    var status: ExitStatus { bad.count == 0 && unplaced.isEmpty ? .done : .partly }

    /// Says what was left out, on standard error.
    func finish() {
        bad.finish()
        for (reason, count) in unplaced.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            CommandIO.complain("\(count) flow\(count == 1 ? "" : "s") not placed: \(reason)")
        }
        guard otherDestination > 0 else { return }
        CommandIO.complain("\(otherDestination) flow\(otherDestination == 1 ? "" : "s") to other addresses left out")
    }
}
