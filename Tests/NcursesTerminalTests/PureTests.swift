import Canvas
import Testing

@testable import NcursesTerminal

@Suite struct PureTests {
    @Test(arguments: [
        (TerminalOptions.Color.auto, nil, 256, ColorDepth.c256), (.auto, "", 256, .c256), (.auto, "1", 256, .mono),
        (.c256, "1", 256, .c256), (.c256, nil, 8, .c8), (.c16, nil, 256, .c16), (.c16, nil, 8, .c8),
        (.c8, nil, 256, .c8),
        (.never, nil, 256, .mono), (.auto, nil, 0, .mono), (.auto, nil, 88, .c16), (.auto, nil, 16_777_216, .c256),
        (.auto, nil, -1, .mono),
    ])
    func depth(color: TerminalOptions.Color, noColor: String?, colors: Int, depth: ColorDepth) {
        #expect(DisplayChoice.depth(color, noColor: noColor, terminalColors: colors) == depth)
    }

    @Test func glyphs() {
        #expect(DisplayChoice.glyphs(ascii: false, isUTF8: true, term: "xterm-256color") == .unicode)
        #expect(DisplayChoice.glyphs(ascii: true, isUTF8: true, term: "xterm-256color") == .ascii)
        #expect(DisplayChoice.glyphs(ascii: false, isUTF8: false, term: "xterm-256color") == .ascii)
        #expect(DisplayChoice.glyphs(ascii: false, isUTF8: true, term: "linux") == .ascii)
    }

    @Test func pairsAreReusedAndFallBackWhenAllAreTaken() {
        var pairs = ColorPairs(capacity: 3)
        #expect(pairs.pair(for: .init(nil, nil)) == (0, false))
        #expect(pairs.pair(for: .init(1, nil)) == (1, true))
        #expect(pairs.pair(for: .init(1, nil)) == (1, false))
        #expect(pairs.pair(for: .init(2, 4)) == (2, true))
        #expect(pairs.pair(for: .init(1, 4)) == (1, false))
        #expect(pairs.pair(for: .init(3, 4)) == (0, false))
        var none = ColorPairs(capacity: 0)
        #expect(none.pair(for: .init(1, 2)) == (0, false))
    }

    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
    func base64(text: String, code: String) {
        #expect(String(decoding: Clipboard.base64(Array(text.utf8)), as: UTF8.self) == code)
    }

    @Test func clipboardSequences() throws {
        func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }
        #expect(text(Clipboard.sequence(for: "foo", wrapping: .none)) == "\u{1B}]52;c;Zm9v\u{7}")
        #expect(
            text(Clipboard.sequence(for: "foo", wrapping: .tmux))
                == "\u{1B}]52;c;Zm9v\u{7}\u{1B}Ptmux;\u{1B}\u{1B}]52;c;Zm9v\u{7}\u{1B}\\")
        #expect(text(Clipboard.sequence(for: "foo", wrapping: .screen)) == "\u{1B}P\u{1B}]52;c;Zm9v\u{7}\u{1B}\\")
        #expect(Clipboard.sequence(for: String(repeating: "x", count: 74_001), wrapping: .none) == nil)
        #expect(Clipboard.wrapping(tmux: "/tmp/tmux", term: "screen-256color") == .tmux)
        #expect(Clipboard.wrapping(tmux: nil, term: "screen.xterm") == .screen)
        #expect(Clipboard.wrapping(tmux: nil, term: "xterm") == .none)
    }

    @Test(arguments: [("\u{1B}[?1l$<5>x", "\u{1B}[?1lx"), ("a$b", "a$b"), ("$<10/>", ""), ("$<", "$<"), ("", "")])
    func paddingIsTakenOut(capability: String, bytes: String) {
        #expect(RestoreSequence.withoutPadding(capability) == bytes)
    }

    @Test func theWayBackUsesWhatTheTerminalHas() {
        let bytes = RestoreSequence.bytes { ["rmcup": "<rmcup>", "cnorm": "<cnorm>"][$0] }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\u{1B}[?2004l") && text.hasSuffix("<cnorm><rmcup>"))
        #expect(RestoreSequence.bytes { _ in nil }.suffix(2) == Array("\r\n".utf8)[...])
    }

    @Test func glyphsHaveTheirASCIITwins() {
        #expect(ASCIITwin.of(0x2502) == 0x7C && ASCIITwin.of(0x2026) == 0x7E && ASCIITwin.of(0x65E5) == 0x3F)
    }
}
