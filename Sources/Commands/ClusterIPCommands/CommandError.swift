/// Why a command could not do its work: one sentence, and the exit status.
package struct CommandError: Error, CustomStringConvertible {
    package var description: String
    var status: ExitStatus

    init(_ description: String, status: ExitStatus = .failed) {
        self.description = description
        self.status = status
    }
}
