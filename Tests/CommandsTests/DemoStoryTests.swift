import Testing

@testable import ClusterIPCommands

/// What `demo --fail` does and says, second by second.
@Suite struct DemoStoryTests {
    private static let serving = DemoStory.Sight(isMember: true, isOwner: true, isReplaced: false)
    private static let gone = DemoStory.Sight(isMember: false, isOwner: false, isReplaced: false)
    private static let replaced = DemoStory.Sight(isMember: false, isOwner: false, isReplaced: true)
    private static let settling = DemoStory.Sight(
        isMember: false, isOwner: false, isReplaced: true, isSettled: false)
    private static let empty = DemoStory.Sight(isMember: true, isOwner: false, isReplaced: true)

    @Test func `a node is lost, replaced, booted and restored, and each time it is said what to type`() {
        var story = DemoStory(node: "node2")
        let sights: [(Range<Int>, DemoStory.Sight)] = [
            (100..<120, Self.serving), (120..<150, Self.gone), (150..<154, Self.settling), (154..<160, Self.replaced),
            (160..<175, Self.empty),
            (175..<200, Self.serving),
        ]
        var acts: [Int: DemoStory.Act] = [:]
        var words: [(Int, String)] = []
        for (seconds, sight) in sights {
            for second in seconds {
                let turn = story.turn(now: Double(second), sight)
                acts[second] = turn.act
                if let said = turn.words { words.append((second, said)) }
            }
        }
        #expect(acts == [115: .kill, 155: .boot])
        #expect(words.map(\.0) == [115, 125, 135, 145, 150, 160, 170, 175])
        #expect(words.first?.1.contains(":takeover node2") == true)
        #expect(words.first { $0.0 == 160 }?.1.contains(":restore node2") == true)
        #expect(words.last?.1.contains("serves again") == true)
    }

    @Test func `a node that owns nothing is not lost`() {
        var story = DemoStory(node: "node2")
        let turns = (0..<60).map { story.turn(now: Double($0), Self.empty) }
        #expect(turns.allSatisfy { $0 == DemoStory.Turn() })
    }
}
