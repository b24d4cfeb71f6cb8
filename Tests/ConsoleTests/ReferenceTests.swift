import Console
import Testing

@Suite struct ReferenceTests {
    /// Docs/Keys.md is written by this test when CLUSTERIP_RECORD is set.
    @Test func `the document of the keys is the one list of commands`() {
        expectText(commandReference(), inRepository: "Docs/Keys.md")
    }
}
