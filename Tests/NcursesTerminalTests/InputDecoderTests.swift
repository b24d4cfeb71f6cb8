import Canvas
import NcursesTerminal
import TestSupport
import Testing

@Suite struct InputDecoderTests {
    @Test(arguments: [
        ("q", Key.character("q")), ("Q", .character("Q")), (" ", .character(" ")), ("é", .character("é")),
        ("日", .character("日")), ("😀", .character("😀")), ("\r", .enter), ("\n", .enter), ("\t", .tab),
        ("\u{7F}", .backspace),
        ("\u{8}", .backspace), ("\u{3}", .ctrl("c")), ("\u{1A}", .ctrl("z")), ("\0", .ctrl(" ")),
        ("\u{1C}", .ctrl("\\")),
        ("\u{1B}[A", .up), ("\u{1B}OB", .down), ("\u{1B}[1;5C", .right), ("\u{1B}OD", .left), ("\u{1B}[H", .home),
        ("\u{1B}[1~", .home), ("\u{1B}[7~", .home), ("\u{1B}OF", .end), ("\u{1B}[4~", .end), ("\u{1B}[5~", .pageUp),
        ("\u{1B}[6~", .pageDown), ("\u{1B}[2~", .insert), ("\u{1B}[3~", .delete), ("\u{1B}[3;2~", .delete),
        ("\u{1B}[Z", .backTab), ("\u{1B}OP", .function(1)), ("\u{1B}[[E", .function(5)), ("\u{1B}[15~", .function(5)),
        ("\u{1B}[24~", .function(12)), ("\u{1B}[1;2Q", .function(2)), ("\u{1B}x", .alt("x")), ("\u{1B}é", .alt("é")),
        ("\u{1B}OM", .enter), ("\u{1B}Oq", .character("1")),
    ])
    func keys(bytes: String, key: Key) {
        var whole = InputDecoder()
        #expect(whole.decode(bytes.utf8) == [.key(key)])
        #expect(!whole.isWaiting)
        var parts = InputDecoder()
        #expect(bytes.utf8.flatMap { parts.decode([$0]) } == [.key(key)])
    }

    @Test(arguments: [
        "\u{1B}[99;5u", "\u{1B}[?62;1c", "\u{1B}]11;rgb:0/0/0\u{7}", "\u{1B}]10;?\u{1B}\\",
        "\u{1B}P>|XTerm(390)\u{1B}\\",
        "\u{1B}[I", "\u{1B}[M !!", "\u{1B}[<35;1;1M", "\u{1B}[200;3~", "\u{1B}O2a", "\u{1B}\r", "\u{1B}[1;2$y",
        "\u{80}",
        "\u{1B}[a",
    ])
    func unknownSequencesAreSwallowedWhole(bytes: String) {
        var decoder = InputDecoder()
        #expect(decoder.decode(bytes.utf8) == [] && !decoder.isWaiting)
        #expect(decoder.decode("j".utf8) == [.key(.character("j"))])
    }

    @Test func brokenUTF8IsDropped() {
        var decoder = InputDecoder()
        #expect(decoder.decode([0xFF, 0xC0, 0x80, 0xE2, 0x82, 0x61]) == [.key(.character("a"))])
        #expect(decoder.decode([0xED, 0xA0, 0x80, 0x62]) == [.key(.character("b"))])
    }

    @Test func aLoneEscapeIsAKeyWhenNothingFollows() {
        var decoder = InputDecoder()
        #expect(decoder.decode([0x1B]) == [] && decoder.isWaiting)
        #expect(decoder.expire() == [.key(.escape)] && !decoder.isWaiting)
        #expect(decoder.expire() == [])
        #expect(decoder.decode([0x1B, 0x1B]) == [.key(.escape)])
        #expect(decoder.expire() == [.key(.escape)])
        #expect(decoder.decode("\u{1B}[12".utf8) == [] && decoder.expire() == [])
        #expect(decoder.decode("\u{1B}[".utf8) == [] && decoder.expire() == [.key(.alt("["))])
    }

    @Test func aPasteIsOneEventHoweverItArrives() {
        let bytes = Array("\u{1B}[200~q\u{1B}[Ax\r\ny\rz\u{1B}[201\u{1B}[201~k".utf8)
        let expected: [TerminalEvent] = [.paste("q\u{1B}[Ax\ny\nz\u{1B}[201"), .key(.character("k"))]
        for size in 1...bytes.count {
            var decoder = InputDecoder()
            var events: [TerminalEvent] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                events += decoder.decode(bytes[start..<min(start + size, bytes.count)])
                events += decoder.isWaiting ? [] : decoder.expire()
            }
            #expect(events == expected)
        }
    }

    @Test func aHugePasteIsCut() {
        var decoder = InputDecoder()
        #expect(decoder.decode("\u{1B}[200~".utf8) == [])
        for _ in 0..<100 { #expect(decoder.decode(repeatElement(UInt8(ascii: "a"), count: 10_000)) == []) }
        let events = decoder.decode("\u{1B}[201~".utf8)
        #expect(events == [.paste(String(repeating: "a", count: InputDecoder.pasteLimit))])
    }

    @Test func endlessSequencesEnd() {
        var decoder = InputDecoder()
        #expect(decoder.decode("\u{1B}[".utf8) == [])
        #expect(decoder.decode(repeatElement(UInt8(ascii: "1"), count: 5_000)) == [] && !decoder.isWaiting)
        #expect(decoder.decode("\u{1B}]".utf8) == [])
        #expect(decoder.decode(repeatElement(UInt8(ascii: "1"), count: 5_000)) == [] && !decoder.isWaiting)
    }

    @Test(arguments: [
        ("\u{1B}[<0;5;6M", MouseEvent(.left, at: Point(column: 4, row: 5))),
        ("\u{1B}[<0;5;6m", MouseEvent(.release, at: Point(column: 4, row: 5))),
        ("\u{1B}[<18;1;1M", MouseEvent(.right, at: Point(column: 0, row: 0))),
        ("\u{1B}[<64;200;60M", MouseEvent(.wheelUp, at: Point(column: 199, row: 59))),
        ("\u{1B}[<65;99999999999999999999;0M", MouseEvent(.wheelDown, at: Point(column: 65_534, row: 0))),
    ])
    func mouseReports(bytes: String, event: MouseEvent) {
        var decoder = InputDecoder()
        #expect(decoder.decode(bytes.utf8) == [.mouse(event)])
    }

    @Test func randomBytesNeverTrapOrStick() {
        var generator = SplitMix(seed: 2)
        let alphabet = Array("\u{1B}\u{1B}\u{1B}[[O<;~M201PZAq\u{7}\\]é日".utf8) + [0xFF, 0x80, 0xC3]
        for _ in 0..<2_000 {
            var decoder = InputDecoder()
            for _ in 0..<20 {
                _ = decoder.decode((0..<4).map { _ in alphabet.randomElement(using: &generator) ?? 0 })
                if decoder.isWaiting { _ = decoder.expire() }
            }
            _ = decoder.decode("\u{1B}[201~\u{18}\u{7}".utf8)
            _ = decoder.expire()
            #expect(decoder.decode("k".utf8).last == .key(.character("k")))
        }
    }

    @Test func `a terminal's answer to a question is told apart from keys`() {
        var decoder = InputDecoder()
        expect(&decoder, Array("\u{1B}[0n".utf8), [.answered])
        expect(&decoder, Array("a\u{1B}[0nb".utf8), [.key(.character("a")), .answered, .key(.character("b"))])
        expect(&decoder, Array("\u{1B}[77n".utf8), [])
    }

    private func expect(_ decoder: inout InputDecoder, _ bytes: [UInt8], _ events: [TerminalEvent]) {
        let found = decoder.decode(bytes)
        #expect(found == events)
    }
}
