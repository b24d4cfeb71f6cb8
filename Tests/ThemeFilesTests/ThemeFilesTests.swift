import Canvas
import Glibc
import TestSupport
import Testing

@testable import ThemeFiles

@Suite struct ThemeFilesTests {
    /// The package's Themes directory.
    private static let shipped: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/") + "/Themes"
    }()

    @Test func theBuiltInThemeIsNightwatch() throws {
        let loaded = try ThemeLibrary(directories: [Self.shipped]).load("nightwatch")
        #expect(loaded.origin == Self.shipped + "/nightwatch.yaml")
        #expect(loaded.warnings == [])
        #expect(loaded.theme.styles == Theme.builtIn.styles)
        #expect(loaded.theme.lists == Theme.builtIn.lists)
    }

    @Test func everyShippedThemeIsTested() {
        let library = ThemeLibrary(directories: [Self.shipped])
        #expect(library.names == (Self.coloured + ["mono"]).sorted())
    }

    @Test func monoHasNoColours() throws {
        let loaded = try ThemeLibrary(directories: [Self.shipped]).load("mono")
        #expect(loaded.warnings == [])
        for depth in ColorDepth.allCases {
            let table = loaded.theme.table(depth)
            for scope in Scope.allCases {
                for surface in [Scope.background, .selection, .footer] {
                    let look = table.resolve(Style(scope, surface: surface))
                    #expect(look.foreground == nil && look.background == nil, "\(scope) on \(surface) at \(depth)")
                }
            }
        }
    }

    /// The themes that have colours.
    private static let coloured = [
        "blue-orange", "contrast", "daylight", "nightwatch", "production", "solarized-dark", "solarized-light",
    ]

    @Test(arguments: coloured)
    func shippedThemesAreWholeAndReadable(name: String) throws {
        let loaded = try ThemeLibrary(directories: [Self.shipped]).load(name)
        #expect(loaded.warnings == [] && loaded.theme.name == name)
        let table = loaded.theme.table(.c256)
        for surface in [Scope.background, .selection, .bar, .footer, .dialog] {
            for scope in [Scope.text, .value, .statusOk, .statusWarn, .statusError, .nodeUnreachable, .footerKey] {
                let look = table.resolve(Style(scope, surface: surface))
                let contrast = contrast(look.foreground, look.background)
                #expect(contrast >= 3, "\(name): \(scope) on \(surface) has \(contrast)")
            }
        }
    }

    @Test func withoutAFileTheDefaultIsBuiltIn() throws {
        let library = ThemeLibrary(directories: ["/nonexistent"])
        #expect(try library.load().theme == .builtIn)
        #expect(try library.load("default").theme == .builtIn)
        #expect(try library.load("nightwatch").theme == .builtIn)
        #expect(library.names == ["nightwatch"])
        #expect(throws: ThemeError.notFound(name: "dusk", known: ["nightwatch"])) { try library.load("dusk") }
    }

    @Test func directoriesInOrder() {
        let library = ThemeLibrary.standard(configHome: nil, home: "/home/op", executable: "/opt/c/bin/clusterip")
        #expect(library.directories.first == "/home/op/.config/clusterip/themes")
        #expect(library.directories.contains("/opt/c/bin/../share/clusterip/themes"))
        #expect(library.directories.contains("/opt/c/Themes"))
        #expect(library.directories.last == "/usr/share/clusterip/themes")
        let set = ThemeLibrary.standard(configHome: "/x", home: "/home/op", executable: nil)
        #expect(set.directories == ["/x/clusterip/themes", "/usr/share/clusterip/themes"])
    }

    @Test func oddThingsAreWarningsWithTheirLines() throws {
        let text = """
            schema: 2
            colour: blue
            palette: { sea: "#0000ff", deep: sea }
            styles:
              ui.text: deep
              ui.txet: sea
              ui.title: { fg: seaa, weight: bold, ansi16: [red, blue, green], mono: [loud] }
              owner: blue
              heat: { colors: ["#000000", "#ffffff"], nono: [red] }
              ui.bar: [sea]
            """
        var builder = ThemeBuilder(try ThemeDocument(text, name: "odd", file: "odd.yaml"))
        let theme = builder.theme(base: nil)
        #expect(theme.styles["ui.text"]?.foreground == .rgb(0x0000FF))
        #expect(theme.lists["heat"]?.count == 8)
        #expect(theme.lists["heat"]?[3].foreground == .rgb(0x6D6D6D))
        #expect(theme.lists["owner"] == nil)
        #expect(builder.warnings.map(\.line).sorted() == [1, 2, 6, 7, 7, 7, 7, 8, 9, 10])
        #expect(builder.warnings.first?.description == "odd.yaml:1: schema must be 1")
    }

    @Test func childrenRecolourTheirParents() throws {
        try inDirectory([
            "parent.yaml": "palette: { sea: '#0000ff' }\nstyles: { ui.text: sea, ui.title: red }",
            "child.yaml": "inherits: parent\npalette: { sea: '#00ffff' }\nstyles: { ui.title: green }",
            "over.yaml": "inherits: default\nstyles: { ui.title: green }",
        ]) { library in
            let child = try library.load("child")
            #expect(child.theme.name == "child")
            #expect(child.theme.styles["ui.text"]?.foreground == .rgb(0x00FFFF))
            #expect(child.theme.styles["ui.title"]?.foreground == .index(2))
            let over = try library.load("over").theme
            #expect(
                over.style(of: .bar) == Theme.builtIn.style(of: .bar)
                    && over.styles["ui.title"]?.foreground == .index(2))
        }
    }

    @Test func circlesAndBrokenFilesAreErrors() throws {
        try inDirectory([
            "a.yaml": "inherits: b", "b.yaml": "inherits: a", "orphan.yaml": "inherits: nobody",
            "broken.yaml": "styles: {\n ui.text: [", "list.yaml": "- a", "empty.yaml": "",
            "twice.yaml": "palette:\n  a: red\n  a: blue\n",
            "loop.yaml": "palette: { a: b, b: a }\nstyles: { ui.text: a }",
            "alias.yaml": "styles: &a { ui.text: red, ui.bar: *a }",
        ]) { library in
            let circle = #expect(throws: ThemeError.self) { try library.load("a") }
            #expect(circle?.description.contains("circle") == true)
            for name in ["orphan", "broken", "list", "twice", "alias"] {
                #expect(throws: ThemeError.self) { try library.load(name) }
            }
            let (empty, loop) = (try library.load("empty"), try library.load("loop"))
            #expect(empty.theme.styles.isEmpty && loop.warnings.count == 1)
            #expect(throws: ThemeError.self) { try library.load(library.directories[0] + "/") }
        }
    }

    @Test func hostileNamesReachNoTerminal() throws {
        let document = try ThemeDocument("\"\\e[31mkey\": 1\nname: \"a\\e[2J\"", name: "x", file: "x.yaml")
        #expect(document.name == "a\u{FFFD}[2J")
        #expect(document.warnings.allSatisfy { !$0.description.unicodeScalars.contains("\u{1B}") })
    }

    private func inDirectory(_ files: [String: String], _ body: (ThemeLibrary) throws -> Void) throws {
        try TemporaryDirectory.with("themes") { directory in
            for (name, text) in files {
                let file = try #require(fopen("\(directory)/\(name)", "w"))
                fputs(text, file)
                fclose(file)
            }
            try body(ThemeLibrary(directories: [directory]))
        }
    }

    /// The contrast of two palette entries as WCAG 2 defines it.
    private func contrast(_ a: UInt8?, _ b: UInt8?) -> Double {
        func luminance(_ index: UInt8?) -> Double {
            let rgb = ColorQuantizer.rgb(of: index ?? 0)
            let parts = [16, 8, 0].map { shift -> Double in
                let value = Double(rgb >> UInt32(shift) & 255) / 255
                return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        }
        let (low, high) = (min(luminance(a), luminance(b)), max(luminance(a), luminance(b)))
        return (high + 0.05) / (low + 0.05)
    }
}
