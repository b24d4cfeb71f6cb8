import Lab

extension CommandError {
    /// Runs what the lab does, and gives its error the form of every command's.
    static func inLab<Result>(_ body: () throws(LabError) -> Result) throws(CommandError) -> Result {
        do throws(LabError) { return try body() } catch { throw CommandError(error.description) }
    }
}
