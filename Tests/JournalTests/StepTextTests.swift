import ClusterModel
import Responsibility
import TestSupport
import Testing

@testable import Journal

@Suite("A step's text is the coder's, byte for byte")
struct StepTextTests {
    private static let texts = ["op-1", "install-00ff", "", "a b", "a\"b", "a\\b", "ü", "a/b", "\u{7f}"]
    private static let states = [BucketState.owned, .draining, .adopted, nil]

    private static func step(_ random: inout SplitMix, plain: Bool) -> StepRequest {
        let texts = plain ? ["op-1", "install-00ff", "", "a b", "a/b"] : texts
        let changes = (1...Int.random(in: 1...20, using: &random)).map { bucket in
            StepRequest.Change(
                bucket: bucket * 17, from: states.randomElement(using: &random)!,
                to: states.randomElement(using: &random)!,
                by: Bool.random(using: &random) ? texts.randomElement(using: &random)! : nil)
        }
        return StepRequest(
            operation: texts.randomElement(using: &random)!, address: IPAddress(10, 8, 0, 1), changes: changes,
            bucketCount: Bool.random(using: &random) ? 65_536 : nil)
    }

    @Test("of plain texts", arguments: 1...200)
    func plain(_ seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let step = Self.step(&random, plain: true)
        #expect(try StepText.text(of: step) == JournalJSON.text(step))
    }

    @Test("other texts are left to it", arguments: 1...200)
    func any(_ seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let step = Self.step(&random, plain: false)
        if let text = StepText.text(of: step) { #expect(try text == JournalJSON.text(step)) }
    }
}
