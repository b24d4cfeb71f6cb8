import ClusterModel
import Responsibility
import TestSupport
import Testing

@testable import AgentProtocol

@Suite("Lines of steps are the coder's, byte for byte")
struct StepLineTests {
    private static let texts = [
        "", "a", "op-12-claim", "anna as root@console", "Größe", "a\"b", "a\\b", "tab\there", "a/b", "{}[],:", "~ ~",
    ]

    private static func step(_ random: inout SplitMix, _ text: (inout SplitMix) -> String) -> StepRequest {
        let states = [BucketState.owned, .draining, .adopted, nil]
        var changes: [StepRequest.Change] = []
        for bucket in 1...Int.random(in: 1...40, using: &random) where Bool.random(using: &random) || bucket == 1 {
            let (from, to) = (states.randomElement(using: &random)!, states.randomElement(using: &random)!)
            let mark = Int.random(in: 0...2, using: &random) == 0 ? text(&random) : nil
            changes.append(.init(bucket: bucket * bucket, from: from, to: to, by: mark))
        }
        return StepRequest(
            operation: text(&random), address: IPAddress(10, 8, 0, UInt8.random(in: 0...255, using: &random)),
            changes: changes, bucketCount: Bool.random(using: &random) ? 65_536 : nil)
    }

    private static func frames(_ count: Int, plain: Bool) -> [AgentFrame] {
        var random = SplitMix(seed: plain ? 1 : 2)
        let texts = plain ? Self.texts.filter { !$0.contains { "\"\\\tö".contains($0) || $0 == "ß" } } : Self.texts
        let text = { (random: inout SplitMix) in texts.randomElement(using: &random)! }
        return (0..<count).map { index in
            let step = step(&random, text)
            let optional = { (random: inout SplitMix) in Bool.random(using: &random) ? text(&random) : nil }
            let note = OperationNote(
                who: text(&random), title: text(&random), reason: optional(&random), emptied: optional(&random))
            return switch index % 3 {
            case 0: .answer(index, .success(.step(.applied)))
            case 1: .call(index, .apply(step))
            default: .call(index, .noted(.apply(step), note))
            }
        }
    }

    @Test("written, and read, where every text is plain")
    func plain() throws {
        for frame in Self.frames(600, plain: true) {
            let line = try #require(StepLine.line(frame))
            #expect(line == frame.codedLine())
            #expect(StepLine.frame(line) == frame)
            #expect(StepLine.frame(line.dropLast()) == frame)
            #expect(try AgentFrame.readCoded(line) == frame)
        }
    }

    @Test("whatever the texts, and whoever writes them")
    func any() throws {
        for frame in Self.frames(600, plain: false) {
            let line = frame.line()
            #expect(line == frame.codedLine())
            #expect(try AgentFrame(line: line) == AgentFrame.readCoded(line))
        }
    }

    @Test("a line that is changed anywhere is read as the coder reads it, or left to it")
    func changed() throws {
        var random = SplitMix(seed: 3)
        var read = 0
        for frame in Self.frames(300, plain: true) {
            for _ in 0..<40 {
                var line = frame.line()
                let place = Int.random(in: 0..<line.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: line.remove(at: place)
                case 1: line.insert(line.randomElement(using: &random)!, at: place)
                default: line[place] = UInt8.random(in: 0x20...0x7e, using: &random)
                }
                guard let found = StepLine.frame(line) else { continue }
                read += 1
                #expect(try AgentFrame.readCoded(line) == found, "\(String(decoding: line, as: UTF8.self))")
            }
        }
        #expect(read > 500)
    }

    @Test("frames of other kinds are the coder's")
    func others() {
        let refused = StepOutcome.refused([.init(bucket: 1, expected: .owned, found: nil)])
        for frame: AgentFrame in [
            .alive, .call(1, .hello), .answer(1, .success(.done)), .answer(1, .success(.step(refused))),
            .answer(nil, .success(.step(.applied))),
        ] {
            #expect(StepLine.line(frame) == nil)
            #expect(StepLine.frame(frame.codedLine()) == nil)
        }
    }

    @Test("a read-only agent does not read steps")
    func readOnly() throws {
        for frame in Self.frames(9, plain: true) {
            guard case .call(let number, _) = frame else { continue }
            #expect(
                try AgentFrame(line: frame.line(), isReadOnly: true)
                    == .unusableCall(number, .readOnly(method: "apply")))
        }
    }
}
