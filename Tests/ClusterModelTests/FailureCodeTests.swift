import ClusterModel
import Testing

@Suite struct FailureCodeTests {
    @Test(arguments: [
        (FailureCode.badValue, "bad_value"), (.notPermitted, "not_permitted"), (.notSupported, "not_supported"),
        (.notFound, "not_found"), (.alreadyExists, "already_exists"), (.busy, "busy"), (.kernel, "kernel"),
        (.readOnly, "read_only"), (.malformed, "malformed"), (.unsent, "unsent"), (.lost, "lost"),
        (.unknown("fenced"), "fenced"),
    ])
    func `a code is one word, and an unknown word is kept`(code: FailureCode, word: String) {
        #expect(code.rawValue == word && FailureCode(rawValue: word) == code)
    }

    @Test func `an unknown word commands no terminal`() {
        #expect(FailureCode(rawValue: "a\u{1b}[2J").rawValue == "a\u{fffd}[2J")
        #expect(FailureCode(rawValue: String(repeating: "x", count: 500)).rawValue.count == 64)
    }
}
