import TestSupport
import Testing

@testable import Responsibility

/// Thousands of marks whose truth is known: an answer with confidence is never wrong.
@Suite("Calibrations with known truth") struct CalibrationTrialTests {
    /// Marks as somebody's rules may have written them.
    private struct Trial {
        var truth: HashScheme
        var field: MarkField
        var seeds: [UInt32]
        var totals: [UInt32]
        var marks: [MarkedFlow]
        /// The share of marks that something else wrote.
        var noise: Double
        var isSeedKnown: Bool

        init(_ random: inout SplitMix) {
            let kinds = Calibration.schemes(bucketCount: 1)
            let seed = UInt32.random(in: 0 ... .max, using: &random)
            let total = [2, 2, 3, 4, 5, 8, 16, 16, 17, 32, 63, 64, 200].randomElement(using: &random) ?? 16
            truth = (kinds.randomElement(using: &random) ?? kinds[0]).seeded(seed).with(UInt32(total))
            field = .whole
            if Int.random(in: 0..<12, using: &random) == 0 {
                field = MarkField(shift: UInt32.random(in: 1...20, using: &random), width: 12, first: 1)
            }
            isSeedKnown = Bool.random(using: &random)
            seeds = [isSeedKnown ? seed : seed &+ 1] + (Bool.random(using: &random) ? [0] : [])
            totals = Int.random(in: 0..<3, using: &random) == 0 ? [UInt32(total)] : []
            noise = [0, 0, 0, 0.05, 0.1, 0.25, 0.6].randomElement(using: &random) ?? 0
            marks = []
            let count = Int.random(in: 1...40, using: &random)
            let sources = (0..<max(1, count / Int.random(in: 1...3, using: &random))).map { _ in random.next() }
            for _ in 0..<count { marks.append(marked(sources, &random)) }
        }

        private func marked(_ sources: [UInt64], _ random: inout SplitMix) -> MarkedFlow {
            let source = sources.randomElement(using: &random) ?? 0
            let flow = Flow(
                transport: Int.random(in: 0..<8, using: &random) == 0 ? .icmp : .tcp,
                source: IPv4Address(number: UInt32(truncatingIfNeeded: source)),
                sourcePort: UInt16.random(in: 1024...65535, using: &random), destination: Samples.cluster,
                destinationPort: [80, 443].randomElement(using: &random) ?? 80)
            var bucket = UInt32((try? truth.bucket(of: flow)) ?? 1) - UInt32(truth.firstBucket)
            if Double.random(in: 0..<1, using: &random) < noise {
                bucket = UInt32.random(in: 0..<truth.bucketCount, using: &random)
            }
            return MarkedFlow(flow: flow, mark: field.mark(ofBucket: bucket))
        }

        /// Whether a candidate writes the marks that the truth writes, in the bits that it is about.
        func isRight(_ candidate: CalibrationCandidate) -> Bool {
            var random = SplitMix(seed: 3)
            let field = candidate.field
            return (0..<200).allSatisfy { _ in
                let flow = Samples.flow(
                    from: IPv4Address(number: UInt32(truncatingIfNeeded: random.next())),
                    port: UInt16(truncatingIfNeeded: random.next()), port: UInt16(truncatingIfNeeded: random.next()))
                guard let right = try? truth.bucket(of: flow), let found = try? candidate.scheme.bucket(of: flow) else {
                    return false
                }
                let said = field.mark(ofBucket: UInt32(found - candidate.scheme.firstBucket))
                return said == self.field.mark(ofBucket: UInt32(right - truth.firstBucket)) & field.mask
            }
        }
    }

    @Test(arguments: 0..<8) func `of ten thousand no confident answer is wrong`(part: Int) {
        var random = SplitMix(seed: UInt64(1000 + part))
        var (confident, probable, wrong, ample, missed) = (0, 0, 0, 0, 0)
        for _ in 0..<1250 {
            let trial = Trial(&random)
            let result = Calibration(totals: trial.totals, seeds: trial.seeds).run(on: trial.marks)
            let isRight = result.candidates.first.map(trial.isRight) ?? false
            if result.verdict == .explained {
                confident += 1
                #expect(isRight && trial.isSeedKnown, "\(trial.truth) \(trial.field): \(result)")
            } else if result.verdict == .probable {
                probable += 1
                wrong += isRight ? 0 : 1
            }
            let isAmple = trial.marks.count >= 34 && trial.truth.bucketCount >= 4 && trial.noise <= 0.1
            if isAmple, trial.isSeedKnown, trial.truth.ports == .both || trial.truth.ports == .source {
                ample += 1
                missed += result.verdict == .explained ? 0 : 1
            }
        }
        #expect(confident > 150 && wrong * 50 <= probable && ample > 20, "\(confident) \(probable) \(wrong) \(ample)")
        #expect(missed * 10 <= ample, "\(missed) of \(ample) with ample evidence were not explained")
    }
}

extension HashScheme {
    /// The same arithmetic with another seed.
    fileprivate func seeded(_ seed: UInt32) -> HashScheme { with(seed: seed) }
}
