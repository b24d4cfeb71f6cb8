import Foundation
import FuzzTargets
import TestSupport
import Testing

/// The fuzzer's corpora, and what they make when bytes are changed at random; hours of it are `Scripts/fuzz`.
@Suite struct CorpusTests {
    private static func corpus(_ target: FuzzTarget) throws -> [[UInt8]] {
        let root = try #require(Bundle.module.url(forResource: "Corpus", withExtension: nil))
        let directory = root.appendingPathComponent(target.name)
        return try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }.map { Array(try Data(contentsOf: $0)) }
    }

    @Test(arguments: FuzzTarget.all.map(\.name))
    func `what was found once is taken today`(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let corpus = try Self.corpus(target)
        #expect(!corpus.isEmpty)
        for input in corpus { target.run(input) }
    }

    @Test(arguments: FuzzTarget.all.map(\.name))
    func `bytes changed at random are taken`(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let corpus = try Self.corpus(target)
        var random = SplitMix(seed: 17)
        for _ in 0..<100 {
            var input = corpus.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.change(&input, corpus, &random) }
            target.run(Array(input.prefix(target.limit)))
        }
    }

    private static func change(_ input: inout [UInt8], _ corpus: [[UInt8]], _ random: inout SplitMix) {
        let place = Int.random(in: 0...input.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: input.insert(.random(in: 0...255, using: &random), at: place)
        case 1: if place < input.count { input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        case 2: input.removeSubrange(place..<min(place + Int.random(in: 0...8, using: &random), input.count))
        case 3: input.insert(contentsOf: Array("18446744073709551615".utf8), at: place)
        default:
            guard let other = corpus.randomElement(using: &random), !other.isEmpty else { return }
            input.insert(contentsOf: other[Int.random(in: 0..<other.count, using: &random)...].prefix(64), at: place)
        }
    }
}
