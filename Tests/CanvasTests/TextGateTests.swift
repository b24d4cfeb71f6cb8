import Canvas
import Testing

@Suite struct TextGateTests {
    @Test(arguments: [
        ("", 0), ("node1", 5), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("ｗ", 2), ("한글", 4), ("😀", 2), ("👍🏽", 4), ("▁█", 2),
        ("─╮", 2), ("±×", 2), ("a\tb", 3), ("\u{301}", 1), ("\u{200B}", 1), ("✖\u{FE0F}", 1), ("\u{1100}\u{1161}", 2),
        ("\u{20000}", 2), ("\u{10FFFF}", 1), ("⌚", 2), ("☎", 1), ("\u{3000}", 1), ("\r\n", 2),
    ])
    func widthOf(text: String, width: Int) {
        #expect(displayWidth(of: text) == width)
        var canvas = Canvas(size: Size(columns: 20, rows: 1))
        #expect(canvas.put(text, at: Point(column: 0, row: 0), style: Style(.text)) == width)
    }

    /// What could steer a terminal, reorder a line or hide in a name.
    @Test(
        arguments: [
            0x00...0x08, 0x0A...0x1F, 0x7F...0x9F, 0xAD...0xAD, 0x061C...0x061C, 0x115F...0x1160, 0x180E...0x180E,
            0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xE000...0xE001, 0xFEFF...0xFEFF, 0xFFF0...0xFFFB,
            0xE0001...0xE0001, 0xE0020...0xE007F, 0xE0100...0xE01EF, 0xF0000...0xF0001, 0x10FFFE...0x10FFFF,
        ] as [ClosedRange<UInt32>])
    func dangerousScalarsBecomeVisible(range: ClosedRange<UInt32>) throws {
        for value in range {
            let scalar = try #require(Unicode.Scalar(value))
            #expect(safeText("a" + String(scalar) + "b") == "a\u{FFFD}b", "U+\(String(value, radix: 16))")
        }
    }

    @Test func escapeSequencesLoseTheirEscape() {
        #expect(safeText("\u{1B}]52;c;eA==\u{7}\u{1B}[31mred") == "\u{FFFD}]52;c;eA==\u{FFFD}\u{FFFD}[31mred")
    }

    @Test func spacesBecomeBlanksAndStackedMarksOne() {
        #expect(safeText("a\tb\u{A0}c\u{2003}d") == "a b c d")
        #expect(safeText("o\u{301}\u{302}\u{303}x") == "o\u{301}x")
    }

    @Test func selectorsPassOverSymbolsOnly() {
        #expect(safeText("✖\u{FE0F}") == "✖")
        #expect(safeText("a\u{FE0F}") == "a\u{FFFD}")
    }

    @Test func everyGlyphIsOneCellWide() {
        for glyphs in [GlyphSet.unicode, .ascii] {
            for glyph in glyphs.all { #expect(displayWidth(of: String(glyph)) == 1, "\(glyph)") }
        }
        #expect(GlyphSet.ascii.all.allSatisfy { $0.isASCII })
        #expect(GlyphSet.ascii.all.count == GlyphSet.unicode.all.count)
    }
}
