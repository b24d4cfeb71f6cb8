import Canvas
import Testing

@Suite struct GlyphSetTests {
    @Test(
        arguments: [
            (0.0, "    "), (1.0, "████"), (0.5, "██  "), (1.0 / 32, "▏   "), (0.9, "███▋"), (-1, "    "), (7, "████"),
            (Double.nan, "    "), (Double.infinity, "████"),
        ] as [(Double, String)])
    func barsFillInEighths(fraction: Double, bar: String) {
        #expect(GlyphSet.unicode.bar(fraction, columns: 4) == bar)
    }

    @Test func barsHaveAnASCIITwin() {
        #expect(GlyphSet.ascii.bar(0.5, columns: 4) == "##  ")
        #expect(GlyphSet.unicode.bar(1, columns: -1) == "")
    }

    @Test func sparksShowTheNewestValuesAtTheRight() {
        #expect(GlyphSet.unicode.spark([0, 1, 2, 4, 8], columns: 7) == "   ▁▂▄█")
        #expect(GlyphSet.unicode.spark([0, 1, 2, 4, 8], columns: 2) == "▄█")
        #expect(GlyphSet.unicode.spark([8, 4, 0.001, 0], columns: 4, peak: 8) == "█▄▁ ")
        #expect(GlyphSet.unicode.spark([.nan, .infinity, 1], columns: 3) == "  █")
        #expect(GlyphSet.unicode.spark([0, 0], columns: 2) == "  ")
        #expect(GlyphSet.ascii.spark([0, 4, 8], columns: 3) == " =#")
        #expect(GlyphSet.ascii.spark([], columns: 3) == "   ")
    }
}
