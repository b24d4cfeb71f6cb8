import Canvas
import Testing

@testable import NcursesTerminal

/// The terminal layer on real pseudo-terminals, one after the other, since a process has one screen.
@Suite(.serialized) struct TerminalTests {
    private func options(_ pty: PseudoTerminal, term: String = "xterm-256color") -> TerminalOptions {
        TerminalOptions(color: .c256, capturesErrors: false, term: term, input: pty.terminal, output: pty.terminal)
    }

    private func canvas(_ size: Size, _ text: String) -> Canvas {
        var canvas = Canvas(size: size)
        canvas.put(text, at: Point(column: 1, row: 1), style: Style(.title))
        return canvas
    }

    @Test func screenComesAndGoesAndLeavesTheTerminalAsItWas() throws {
        let pty = try PseudoTerminal(columns: 60, rows: 12)
        let before = pty.modes
        let terminal = try Terminal(options(pty))
        #expect(terminal.size == Size(columns: 60, rows: 12) && terminal.depth == .c256)
        #expect(pty.modes != before)
        #expect(throws: TerminalError.alreadyOpen) { try Terminal(options(pty)) }
        terminal.show(canvas(terminal.size, "node1"), theme: .builtIn)
        let shown = pty.output()
        #expect(shown.contains("\u{1B}[?1049h") && shown.contains("\u{1B}[?2004h") && shown.contains("node1"))
        terminal.close()
        terminal.close()
        let left = pty.output()
        #expect(left.contains("\u{1B}[?1049l") && left.contains("\u{1B}[?2004l"))
        #expect(pty.modes == before)
    }

    @Test func onlyWhatChangedIsSent() throws {
        let pty = try PseudoTerminal(columns: 120, rows: 36)
        let terminal = try Terminal(options(pty))
        defer { terminal.close() }
        terminal.show(canvas(terminal.size, "packets 1234567"), theme: .builtIn)
        #expect(pty.output().contains("packets 1234567"))
        terminal.show(canvas(terminal.size, "packets 1234567"), theme: .builtIn)
        #expect(pty.output().utf8.count < 8)
        terminal.show(canvas(terminal.size, "packets 1234568"), theme: .builtIn)
        let changed = pty.output()
        #expect(changed.contains("8") && !changed.contains("packets") && changed.utf8.count < 80)
        terminal.redraw()
        terminal.show(canvas(terminal.size, "packets 1234568"), theme: .builtIn)
        #expect(pty.output().contains("packets 1234568"))
    }

    @Test func movedRowsAreWrittenNotScrolled() throws {
        let pty = try PseudoTerminal(columns: 80, rows: 24)
        let terminal = try Terminal(options(pty))
        defer { terminal.close() }
        for offset in [6, 3, 8] {
            var canvas = Canvas(size: terminal.size)
            for row in 0..<12 {
                let text = "line number \(row) of a table with some more words \(row * 7919)"
                canvas.put(text, at: Point(column: 0, row: row + offset), style: Style(.text))
            }
            terminal.show(canvas, theme: .builtIn)
            let output = pty.output()
            #expect(offset == 6 || (!output.contains("S") && !output.contains("T") && !output.contains("r\u{1B}")))
        }
    }

    @Test func keysPastesAndSizesArrive() throws {
        let pty = try PseudoTerminal(columns: 80, rows: 24)
        let terminal = try Terminal(options(pty))
        defer { terminal.close() }
        #expect(terminal.readEvents() == [])
        pty.type("j\u{1B}OA\u{1B}[200~q\ny\u{1B}[201~\u{3}\u{1A}\u{11}")
        #expect(
            terminal.readEvents() == [
                .key(.character("j")), .key(.up), .paste("q\ny"), .key(.ctrl("c")), .key(.ctrl("z")), .key(.ctrl("q")),
            ])
        pty.type("\u{1B}")
        #expect(terminal.readEvents() == [.key(.escape)])
        #expect(terminal.resize() == nil)
        for size in [Size(columns: 40, rows: 10), Size(columns: 1, rows: 1), Size(columns: 200, rows: 60)] {
            pty.resize(columns: UInt16(size.columns), rows: UInt16(size.rows))
            #expect(terminal.resize() == .resized(size))
            terminal.show(canvas(size, "node1"), theme: .builtIn, cursor: Point(column: 3, row: 0))
            #expect(pty.output().contains("node1") == (size.columns > 1))
        }
    }

    @Test func suspendingGivesTheTerminalBackAndResumingTakesItAgain() throws {
        let pty = try PseudoTerminal(columns: 80, rows: 24)
        let before = pty.modes
        let terminal = try Terminal(options(pty))
        terminal.show(canvas(terminal.size, "node1"), theme: .builtIn)
        let raw = pty.modes
        _ = pty.output()
        terminal.suspend()
        #expect(pty.modes == before)
        #expect(pty.output().contains("\u{1B}[?1049l"))
        terminal.show(canvas(terminal.size, "node2"), theme: .builtIn)
        #expect(pty.output() == "")
        #expect(terminal.resume() == nil)
        #expect(pty.modes == raw)
        #expect(pty.output().contains("node1"))
        terminal.close()
        #expect(pty.modes == before)
    }

    @Test(arguments: ["linux", "vt100", "xterm", "screen-256color", "tmux-256color"])
    func poorerTerminalsWork(term: String) throws {
        let pty = try PseudoTerminal(columns: 80, rows: 24)
        let terminal = try Terminal(options(pty, term: term))
        terminal.show(canvas(terminal.size, "node1"), theme: .builtIn)
        #expect(pty.output().contains("node1"))
        terminal.close()
    }

    @Test(arguments: ["dumb", "no-such-terminal", ""])
    func unknownTerminalsAreRefused(term: String) throws {
        let pty = try PseudoTerminal(columns: 80, rows: 24)
        let before = pty.modes
        #expect(throws: TerminalError.unknownTerminal(term)) { try Terminal(options(pty, term: term)) }
        #expect(pty.modes == before)
    }

    @Test func copyIsCapped() throws {
        let pty = try PseudoTerminal(columns: 80, rows: 24)
        let terminal = try Terminal(options(pty))
        defer { terminal.close() }
        _ = pty.output()
        #expect(terminal.copy("node1"))
        #expect(pty.output().contains("\u{1B}]52;c;bm9kZTE=\u{7}"))
        #expect(!terminal.copy(String(repeating: "x", count: Clipboard.limit + 1)))
    }
}
