import Canvas
import Testing

@Suite struct ThemeTests {
    @Test(arguments: [
        ("default", ThemeColor.terminal), ("#fff", .rgb(0xFFFFFF)), ("#5FafD7", .rgb(0x5FAFD7)), ("red", .index(1)),
        ("bright-white", .index(15)), ("0", .index(0)), ("255", .index(255)),
    ])
    func coloursAreRead(text: String, color: ThemeColor) { #expect(ThemeColor(text) == color) }

    @Test(arguments: ["", "#", "#12", "#1234567", "#ggg", "256", "-1", "+1", "rot", "Red", "1e2", "#５５５"])
    func othersAreNot(text: String) { #expect(ThemeColor(text) == nil) }

    @Test func everyPaletteEntryIsItsOwnNearest() {
        for index in UInt8(16)...255 {
            let rgb = ColorQuantizer.rgb(of: index)
            #expect(ColorQuantizer.rgb(of: ColorQuantizer.nearest256(rgb)) == rgb)
        }
        for index in UInt8(0)...15 { #expect(ColorQuantizer.nearest16(ColorQuantizer.rgb(of: index)) == index) }
        #expect(ColorQuantizer.nearest256(0xFF0101) == 196)
        #expect(ColorQuantizer.nearest256(0x1D1D1D) == 234)
    }

    @Test func scopesFallBackAlongTheDots() {
        let theme = Theme(
            name: "t",
            styles: [
                "ui": ThemeStyle(.index(1)), "ui.text": ThemeStyle(.index(2)), "counter.value": ThemeStyle(.index(3)),
            ])
        #expect(theme.style(of: .textDim).foreground == .index(2))
        #expect(theme.style(of: .borderFocus).foreground == .index(1))
        #expect(theme.style(of: .valueHot).foreground == .index(3))
        #expect(theme.style(of: .rateUp).foreground == nil)
        #expect(theme.resolve(Style(.rateUp), .c256).foreground == 1)
    }

    @Test func scopeNamesAreDifferentAndDotted() {
        #expect(Set(Scope.allCases.map(\.name)).count == Scope.allCases.count)
        #expect(Scope.allCases.allSatisfy { $0.name != "ui" && $0.name.split(separator: ".").count <= 3 })
    }

    @Test(arguments: [
        (ColorDepth.c256, ResolvedStyle(foreground: 203, background: 234, attributes: .bold)),
        (.c16, ResolvedStyle(foreground: 9, attributes: .underline)),
        (.c8, ResolvedStyle(foreground: 1, attributes: [.underline, .bold])),
        (.mono, ResolvedStyle(attributes: .reverse)),
    ])
    func exceptionsReplaceTheNearestColours(depth: ColorDepth, look: ResolvedStyle) {
        let style = ThemeStyle(
            .rgb(0xFF5F5F), on: .rgb(0x1C1C1C), .bold,
            overrides: [
                .c16: .init(.index(9), nil, .underline), .mono: .init(nil, nil, .reverse),
            ])
        let theme = Theme(name: "t", styles: ["status.error": style])
        #expect(theme.resolve(Style(.statusError), depth) == look)
    }

    @Test func surfacesGiveTheGroundAndReversalsCancelOut() {
        let reverse: [ColorDepth: ThemeStyle.Override] = [.mono: .init(nil, nil, .reverse)]
        let theme = Theme(
            name: "t",
            styles: [
                "ui.selection": ThemeStyle(on: .index(4), overrides: reverse),
                "badge.stale": ThemeStyle(.index(0), on: .index(3), overrides: reverse),
                "ui.text": ThemeStyle(.index(7)),
            ])
        let text = Style(.text, surface: .selection)
        let badge = Style(.badgeStale, surface: .selection)
        #expect(theme.resolve(text, .c16) == ResolvedStyle(foreground: 7, background: 4))
        #expect(theme.resolve(badge, .c16) == ResolvedStyle(foreground: 0, background: 3))
        #expect(theme.resolve(text, .mono).attributes == .reverse)
        #expect(theme.resolve(badge, .mono).attributes == [])
    }

    @Test func aPaintedRowIsPaintedBetweenItsWordsToo() {
        var canvas = Canvas(size: Size(columns: 6, rows: 1))
        canvas.put("a", at: Point(column: 2, row: 0), style: Style(.text))
        canvas.paint(Rect(canvas.size), surface: .selection)
        let table = Theme.builtIn.table(.c256)
        #expect(Set(canvas.cells.map { table.resolve($0.style).background }) == [237])
        let mono = Theme.builtIn.table(.mono)
        #expect(canvas.cells.allSatisfy { mono.resolve($0.style).attributes.contains(.reverse) })
    }

    @Test func aSelectionsForegroundIsImposed() {
        let theme = Theme(
            name: "t",
            styles: ["ui.selection": ThemeStyle(.index(15), on: .index(4)), "status.ok": ThemeStyle(.index(2))])
        #expect(theme.resolve(Style(.statusOk, surface: .selection), .c16).foreground == 15)
    }

    @Test func theBuiltInThemeStylesEveryScopeAtEveryDepth() {
        for scope in Scope.allCases {
            for index in 0..<scope.count {
                let style = Theme.builtIn.style(of: scope, index: index)
                #expect(style != ThemeStyle(), "\(scope)")
                let mono = Theme.builtIn.resolve(Style(scope, index: index), .mono)
                #expect(mono.foreground == nil && mono.background == nil)
                for depth in [ColorDepth.c8, .c16] {
                    let look = Theme.builtIn.resolve(Style(scope, index: index), depth)
                    let limit: UInt8 = depth == .c8 ? 8 : 16
                    #expect((look.foreground ?? 0) < limit && (look.background ?? 0) < limit)
                }
            }
        }
    }

    @Test func ownersAreTwelveDifferentColours() {
        let table = Theme.builtIn.table(.c256)
        #expect(Set((0..<12).map { table.resolve(Style(.owner, index: $0)).foreground }).count == 12)
        #expect(
            Style(.owner, index: 12) == Style(.owner, index: 0) && Style(.owner, index: -1) == Style(.owner, index: 11))
    }
}
