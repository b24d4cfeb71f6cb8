import PlainYAML
import Testing
import Yams

@Suite struct PlainYAMLTests {
    /// Each line doubles what the one before stands for: half a kilobyte means 2^40 scalars.
    private static func doubled(_ use: (Int) -> String) -> String {
        "a0: &a0 [x, x]\n" + (1...40).map { "a\($0): &a\($0) \(use($0 - 1))\n" }.joined()
    }

    @Test(arguments: [
        ("a: &x 1\nb: *x\n", 2), ("a: &x {k: v}\nb:\n  ? *x\n  : 1\n", 3), ("[&a x, *a]", 1), ("a: *undefined", 1),
        ("a: [\"\n# \", *x]", 2), ("<<: *base", 1), (doubled { "[*a\($0), *a\($0)]" }, 2),
        (doubled { "{? *a\($0) : 1}" } + "? *a40\n: 1\n", 2),
    ])
    func `an alias is refused where it stands, before anything is made of it`(text: String, line: Int) {
        let alias = #expect(throws: PlainYAML.Alias.self) { try PlainYAML.compose(text) }
        #expect(alias?.line == line)
    }

    @Test(arguments: [
        "a: \"*x\"", "a: '*x'", "a: b *x", "a: 1 # *x", "a: |\n  *x\n", "a: 3*4", "a: &x 1", "\"*\": 1", "",
    ])
    func `a star that is no alias is none`(text: String) throws {
        let (plain, node) = (try PlainYAML.compose(text), try Yams.compose(yaml: text))
        #expect(plain == node)
    }

    @Test(arguments: ["a: [", "a: \"*", "*", "* x", "a: *\n", "\u{0}*x", "a: b: *x"])
    func `what is no YAML is refused with its place`(text: String) {
        #expect(throws: YamlError.self) { try PlainYAML.compose(text) }
    }
}
