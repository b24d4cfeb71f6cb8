import Testing

@testable import ClusterIPCommands

@Suite struct LinePaceTests {
    /// Draws every tenth of a second on a line whose answers take a time, and counts the frames of ten seconds.
    private static func frames(delay: Double?) -> Int {
        var pace = LinePace()
        var (frames, last) = (0, -1.0)
        var answers: [Double] = []
        for tenth in 0..<400 {
            let now = Double(tenth) / 10
            while let first = answers.first, first <= now {
                pace.answered(now)
                answers.removeFirst()
            }
            guard now >= last + pace.interval else { continue }
            if tenth >= 300 { frames += 1 }
            last = now
            if pace.asks(now), let delay { answers.append(now + delay) }
        }
        return frames
    }

    private func expectAsked(_ pace: inout LinePace, at now: Double) {
        let isAsked = pace.asks(now)
        #expect(isAsked)
    }

    @Test func `a quick line gets every frame, and so does one that never answers`() {
        #expect(Self.frames(delay: 0.05) == 100)
        #expect(Self.frames(delay: nil) == 100)
    }

    @Test func `the slower a line, the fewer frames`() {
        let counts = [0.3, 1, 2].map { Self.frames(delay: $0) }
        #expect(counts[0] < 20 && counts[1] < counts[0] && counts[2] < counts[1] && counts[2] >= 2, "\(counts)")
    }

    @Test func `a line that is quick again gets all frames again`() {
        var pace = LinePace()
        expectAsked(&pace, at: 0)
        pace.answered(3)
        #expect(pace.interval > 1)
        expectAsked(&pace, at: 4)
        pace.answered(4.02)
        #expect(pace.interval == 0)
    }

    @Test func `a line that stalls is noticed before it answers`() {
        var pace = LinePace()
        expectAsked(&pace, at: 0)
        pace.answered(0.01)
        expectAsked(&pace, at: 5)
        #expect(pace.interval == 0)
        let asksAgain = pace.asks(6)
        #expect(!asksAgain)
        #expect(pace.interval >= 2)
    }
}
