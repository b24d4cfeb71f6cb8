import ClusterModel
import Testing

@Suite struct TextTests {
    @Test(arguments: [
        ("01:00:5e:00:00:20", "01:00:5e:00:00:20", true), ("1:0:5E:0:0:20", "01:00:5e:00:00:20", true),
        ("02:00:00:00:00:01", "02:00:00:00:00:01", false),
    ])
    func `Ethernet addresses are read and written`(text: String, written: String, isMulticast: Bool) throws {
        let address = try #require(MACAddress(text))
        #expect(address.description == written)
        #expect(address.isMulticast == isMulticast)
    }

    @Test(arguments: [
        "", "01:00:5e:00:00", "01:00:5e:00:00:20:1", "01:00:5e:00:00:2g", "+1:00:5e:00:00:20", "01-00-5e-00-00-20",
    ])
    func `other text is no Ethernet address`(text: String) { #expect(MACAddress(text) == nil) }

    @Test(arguments: [
        ("node1", "node1"), ("\u{1b}[2Jnode", "\u{fffd}[2Jnode"), ("a\nb\u{7f}\u{9b}c", "a\u{fffd}b\u{fffd}\u{fffd}c"),
        ("\u{202e}evil", "\u{fffd}evil"), ("żółw", "żółw"),
    ])
    func `what commands a terminal is replaced`(text: String, safe: String) {
        #expect(text.madeSafe(limit: 40) == safe)
    }

    @Test func `long text is cut`() { #expect(String(repeating: "x", count: 100).madeSafe(limit: 7) == "xxxxxxx") }
}
