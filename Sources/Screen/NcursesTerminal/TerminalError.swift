/// Why a screen cannot be opened; its description is a sentence for the user.
public enum TerminalError: Error, Equatable, CustomStringConvertible {
    /// Input or output is a pipe or a file.
    case notATerminal(String)
    /// `TERM` names a terminal that the terminfo database does not know, or that cannot place its cursor.
    case unknownTerminal(String)
    /// There is a screen already.
    case alreadyOpen

    /// One sentence that names the value and what would be right.
    public var description: String {
        switch self {
        case .notATerminal(let stream):
            "standard \(stream) is not a terminal; run this in one, or use a command with --format"
        case .unknownTerminal(""):
            "the environment variable TERM is not set; set it to the terminal's type, such as xterm-256color"
        case .unknownTerminal(let name):
            "the terminal type TERM=\(name) is unknown here or cannot place its cursor; try TERM=xterm-256color"
        case .alreadyOpen:
            "the terminal is open already; close it first"
        }
    }
}
