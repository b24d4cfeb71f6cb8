import ClusterModel
import Testing

/// Counts and names of strangers.
@Suite struct UntrustedTests {
    @Test func `sums of counts stop at the largest number there is`() {
        #expect([Int.max, 1].saturatedSum == .max && [Int.min, -1].saturatedSum == .min)
        #expect([UInt64.max, .max, 1].saturatedSum == .max)
        #expect([1, 2, 3].saturatedSum == 6 && [Int]().saturatedSum == 0)
        let most = PacketCount(packets: .max, bytes: .max - 1)
        #expect(most + PacketCount(packets: 1, bytes: 3) == PacketCount(packets: .max, bytes: .max))
    }

    @Test(arguments: [
        ("eth0", "eth0"), ("10.8.0.1/24", "10.8.0.1/24"), ("01:00:5e:00:00:20", "01:00:5e:00:00:20"), ("", "''"),
        ("$(id)", "'$(id)'"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("`id`", "'`id`'"), ("a;b", "'a;b'"),
        ("~root", "'~root'"), ("*", "'*'"), ("#x", "'#x'"), ("büro", "'büro'"), ("a\nb", "'a\nb'"), ("!1", "'!1'"),
    ])
    func `a word is what the shell hands on`(text: String, quoted: String) {
        #expect(ShellWord.quoted(text) == quoted)
    }

    @Test func `a line is its words`() {
        #expect(ShellWord.line(["ip", "link", "set", "$(id)", "up"]) == "ip link set '$(id)' up")
    }

    @Test func `ranges are put in a word at a time, as if one at a time`() {
        for (first, last) in [(1, 1), (1, 64), (1, 65), (64, 65), (60, 200), (65, 128), (128, 129), (65_000, 65_536)] {
            var (one, other): (BucketSet, BucketSet) = ([3, 700], [3, 700])
            one.insert(first...last)
            for bucket in first...last { other.insert(bucket) }
            #expect(one == other && one.count(in: first...last) == last - first + 1)
        }
        var none = BucketSet()
        none.insert(-9...0)
        none.insert(65_537...Int.max)
        #expect(none.isEmpty && none == [])
        none.insert(Int.min...Int.max)
        #expect(none.count == 65_536)
    }
}
