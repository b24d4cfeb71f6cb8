import AgentProtocol
import ClusterModel
import Responsibility
import Testing

@testable import NodeLinks

@Suite struct AgentClockTests {
    @Test func `a moment is never later on the node than it is meant to be`() {
        var clock = AgentClock()
        #expect(clock.moment(in: 2, now: 0) == nil)
        // The node's clock is 100 s ahead of ours, and readings take 0.5, 0.1 and 3 s to come.
        clock.take(105_000_000_000, now: 5.5)
        #expect(clock.moment(in: 2, now: 6) == 107_499_750_000)
        clock.take(106_000_000_000, now: 6.1)
        #expect(clock.moment(in: 2, now: 7) == 108_899_550_000)
        clock.take(107_000_000_000, now: 10)
        // The best reading stands, less what two clocks may have drifted apart since.
        #expect(clock.moment(in: 2, now: 10) == 111_898_050_000)
        clock.forget()
        #expect(clock.moment(in: 2, now: 10) == nil)
    }

    @Test func `a program that was stopped tells moments that have passed`() {
        var clock = AgentClock()
        clock.take(100_000_000_000, now: 1)
        // An hour later on the node, and none here; the next reading sets it right.
        #expect(clock.moment(in: 2, now: 1.2) ?? 0 < 3_700_000_000_000)
        clock.take(3_700_000_000_000, now: 1.3)
        #expect(clock.moment(in: 2, now: 1.3) == 3_702_000_000_000)
    }

    @Test(arguments: [0, 1, UInt64.max / 2, UInt64.max])
    func `no reading is too large or too small`(reading: UInt64) {
        var clock = AgentClock()
        clock.take(reading, now: 1e9)
        #expect(clock.moment(in: 2, now: 1e9) ?? .max <= 9_000_000_000_000_000_000)
        clock.take(reading, now: 0)
        #expect(clock.moment(in: 2, now: 1e9) != nil)
    }

    private static let step = StepRequest(
        operation: "op-1", address: IPAddress(10, 8, 0, 1), changes: [.init(bucket: 3, from: nil, to: .owned, by: "")])

    private static func until(_ actions: [NodeSession.Action]) -> UInt64? {
        guard case .send(.call(_, let call))? = actions.first, case .apply(let step) = call.plain else { return nil }
        return step.until
    }

    @Test func `a step waits for the node's clock to be known, and expires with the wait for its answer`() throws {
        var session = NodeSession(interval: 1)
        _ = session.start(now: 0)
        let refusal = session.call(.apply(Self.step), ticket: 7, timeout: 2, now: 0).first
        guard case .completed(7, .failure(let failure)) = refusal else {
            throw AgentFailure(message: "a step without an end was sent")
        }
        #expect(failure.code == .expired && failure.isWorthAnother)
        let sample = WireSample(time: 50_000_000_000, generation: 1, isWhole: true, clusters: [])
        _ = session.handle(.frame(.sample(sample)), now: 1)
        let note = OperationNote(who: "anna", title: "move 3", reason: nil, emptied: nil)
        #expect(Self.until(session.call(.apply(Self.step), ticket: 8, timeout: 2, now: 1)) == 52_000_000_000)
        let noted = session.call(.noted(.apply(Self.step), note), ticket: 9, timeout: 2, now: 1)
        #expect(Self.until(noted) == 52_000_000_000)
        // A node that says that a step came too late tells its clock.
        let late = AgentFailure(code: .expired, message: "too late", clock: 60_000_000_000)
        _ = session.handle(.frame(.answer(3, .failure(late))), now: 1.5)
        #expect(Self.until(session.call(.apply(Self.step), ticket: 10, timeout: 2, now: 1.5)) == 62_000_000_000)
        // The next agent may be of another boot.
        _ = session.handle(.ended(.notReading), now: 2)
        _ = session.tick(now: 9)
        #expect(Self.until(session.call(.apply(Self.step), ticket: 11, timeout: 2, now: 9)) == nil)
    }
}
