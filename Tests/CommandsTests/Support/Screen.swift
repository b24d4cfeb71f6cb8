import Glibc
import Testing

/// A program in a real terminal: tmux on a socket of its own.
final class Screen {
    /// What the tests could not wait for.
    struct Timeout: Error, CustomStringConvertible {
        var description: String
    }

    private let socket = "clusterip-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

    /// Starts a shell in a terminal of this size; type into it with `type`.
    init(columns: Int = 100, rows: Int = 30) throws {
        try tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)",
            "env PS1='ready> ' LC_ALL=C.UTF-8 XDG_STATE_HOME=/tmp/\(socket) sh")
        try tmux("set-option", "-g", "status", "off")
        try wait("ready>")
    }

    deinit {
        _ = try? Program.run(["tmux", "-L", socket, "kill-server"])
        _ = try? Program.run(["rm", "-rf", "/tmp/\(socket)"])
    }

    /// Types text as it is.
    func type(_ text: String) throws { try tmux("send-keys", "-l", "--", text) }

    /// Presses keys by their tmux names; after Escape with a pause, or it would be Alt with the next key.
    func press(_ keys: String...) throws {
        for key in keys {
            try tmux("send-keys", key)
            if key == "Escape" { usleep(100_000) }
        }
    }

    /// Pastes text as a terminal does, in brackets when the program asked for them.
    func paste(_ text: String) throws {
        try tmux("set-buffer", "--", text)
        try tmux("paste-buffer", "-p")
    }

    /// Gives the terminal another size.
    func resize(columns: Int, rows: Int) throws { try tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)") }

    /// The rows as they are now.
    func text() throws -> String { try tmux("capture-pane", "-p") }

    /// Waits until the screen shows a text, for fifteen seconds at most.
    @discardableResult
    func wait(_ expected: String) throws -> String {
        var text = ""
        for _ in 0..<150 {
            text = try self.text()
            if text.contains(expected) { return text }
            usleep(100_000)
        }
        throw Timeout(description: "the screen never showed \"\(expected)\":\n\(text)")
    }

    /// Waits until something has come true, for fifteen seconds at most.
    func wait(_ event: String, until isTrue: () throws -> Bool) throws {
        for _ in 0..<150 {
            if try isTrue() { return }
            usleep(100_000)
        }
        throw Timeout(description: "waited in vain for \(event):\n\(try text())")
    }

    /// The process ids of the shell's children.
    func children() throws -> [Int32] {
        let shell = try tmux("display-message", "-p", "#{pane_pid}").split(separator: "\n").first ?? ""
        return try Program.run(["pgrep", "-P", String(shell)]).lines.compactMap { Int32($0) }
    }

    @discardableResult
    private func tmux(_ arguments: String...) throws -> String {
        try Program.run(["tmux", "-L", socket] + arguments).output
    }
}
