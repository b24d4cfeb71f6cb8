import TestSupport
import Testing

@testable import ClusterIPCommands

/// The small parts of `who`'s output.
@Suite struct WhoTextTests {
    private func text(_ put: (inout UnsafeMutableRawPointer) -> Void) -> String {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { room in
            guard let base = room.baseAddress else { return "" }
            var end = base
            put(&end)
            return String(decoding: UnsafeRawBufferPointer(start: base, count: end - base), as: UTF8.self)
        }
    }

    @Test func `numbers are written in digits`() {
        var numbers: [UInt32] = [0, 1, 9, 10, 99, 100, 999, 1000, 9999, 10000, 65535, 99_999_999, 100_000_000, .max]
        var random = SplitMix(seed: 18)
        numbers += (0..<3000).map { _ in
            UInt32.random(in: 0 ... .max, using: &random) >> UInt32.random(in: 0...31, using: &random)
        }
        for number in numbers { #expect(text { DecimalText.put(number, at: &$0) } == String(number)) }
    }

    @Test func `addresses are written as dotted quads`() {
        for address: UInt32 in [0, 0x0a08_0001, 0xffff_ffff, 0x6409_00ff, 0x0163_640a] {
            let expected = [24, 16, 8, 0].map { String(address >> UInt32($0) & 255) }.joined(separator: ".")
            let written = text { end in
                DecimalText.octets.withUnsafeBufferPointer { DecimalText.put(address: address, at: &end, $0) }
            }
            #expect(written == expected)
        }
    }

    @Test func `a progress bar fits every terminal`() {
        for columns in 1...120 {
            for total in [nil, 0, 1 << 40] {
                let bar = ProgressBar(position: 1 << 39, total: total, seconds: 100, columns: columns)
                #expect(bar.text.utf8.count < max(1, columns - 2))
            }
        }
        let wide = ProgressBar(position: 500, total: 1000, seconds: 2, columns: 80)
        #expect(wide.text == "[###############...............]  50 %  500 B read, 250 B/s, 2 s left")
        #expect(ProgressBar(position: 500, total: 1000, seconds: 2, columns: 8).text == "50 %")
        #expect(ProgressBar(position: 500, total: nil, seconds: 2, columns: 80).text == "500 B read, 250 B/s")
    }
}
