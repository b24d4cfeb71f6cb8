/// What a listing left out.
struct Omissions {
    /// Lines that could not be answered.
    var bad = BadLines()
    /// Flows to other addresses than the one asked for.
    var otherDestination = 0

    /// Says what was left out, on standard error.
    func finish() {
        bad.finish()
        guard otherDestination > 0 else { return }
        Console.complain("\(otherDestination) flow\(otherDestination == 1 ? "" : "s") to other addresses left out")
    }
}
