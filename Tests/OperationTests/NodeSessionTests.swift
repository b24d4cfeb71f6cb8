import AgentProtocol
import ClusterModel
import NodeLinks
import Responsibility
import Testing
import Wording

@Suite struct NodeSessionTests {
    private static func sample(_ time: UInt64) -> AgentFrame {
        .sample(WireSample(time: time, generation: 1, isWhole: true, clusters: []))
    }

    private static let killed = LinkFailure.ended(.init(.unknown, .killed(signal: 9)))
    private static let unstarted = LinkFailure.ended(.init(.unknown, .notStarted, words: "cannot start nsenter"))

    private static func started() -> NodeSession {
        var session = NodeSession(interval: 1)
        _ = session.start(now: 0)
        return session
    }

    @Test func `a session greets and watches as soon as it opens`() {
        var session = NodeSession(interval: 1)
        #expect(
            session.start(now: 0)
                == [.open, .send(.call(1, .hello)), .send(.call(2, .watch(interval: 1000)))])
        #expect(session.state == .connecting)
    }

    @Test func `a sample makes the node live, silence makes it stale and then unreachable within three seconds`() {
        var session = Self.started()
        #expect(session.handle(.frame(Self.sample(1)), now: 0.1).first == .stateChanged)
        #expect(session.state == .live)
        _ = session.tick(now: 1.5)
        #expect(session.state == .live)
        _ = session.tick(now: 1.7)
        #expect(session.state == .stale)
        #expect(session.tick(now: 2.9).contains(.close))
        #expect(session.state == .unreachable)
        #expect(session.failure == .silent(seconds: 3))
    }

    @Test func `an agent that works on a large sample is live as long as it says so, for half a minute`() {
        var session = Self.started()
        _ = session.handle(.frame(Self.sample(1)), now: 0.1)
        for second in 1...29 {
            _ = session.handle(.frame(.alive), now: Double(second))
            #expect(!session.tick(now: Double(second) + 0.9).contains(.close))
            #expect(session.state == .live)
        }
        _ = session.tick(now: 30.6)
        #expect(session.state == .unreachable)
        _ = session.handle(.frame(.alive), now: 30.7)
        #expect(session.state == .unreachable)
    }

    @Test func `an agent that began something long may be silent over it, though not for ever`() {
        var session = Self.started()
        _ = session.handle(.frame(Self.sample(1)), now: 0.1)
        _ = session.handle(.frame(.alive), now: 1)
        _ = session.tick(now: 8.9)
        #expect(session.state == .live)
        #expect(session.tick(now: 9.1).contains(.close))
        #expect(session.state == .unreachable)
    }

    @Test func `a node that was late is live again when it says that it is there`() {
        var session = Self.started()
        _ = session.handle(.frame(Self.sample(1)), now: 0.1)
        _ = session.tick(now: 1.7)
        #expect(session.state == .stale)
        #expect(session.handle(.frame(.alive), now: 1.8) == [.stateChanged])
        #expect(session.state == .live)
    }

    @Test func `an agent that ends is stale at once, tried again, and unreachable when that fails`() {
        var session = Self.started()
        _ = session.handle(.frame(Self.sample(1)), now: 0.1)
        _ = session.handle(.ended(Self.killed), now: 0.2)
        #expect(session.state == .stale && session.failure == Self.killed)
        #expect(!session.tick(now: 0.3).contains(.open))
        #expect(session.tick(now: 0.8).contains(.open))
        _ = session.handle(.ended(Self.unstarted), now: 0.9)
        _ = session.tick(now: 2.9)
        #expect(session.state == .unreachable && session.failure == Self.unstarted)
    }

    @Test func `a node that was never heard is unreachable at its first failure`() {
        var session = Self.started()
        _ = session.handle(.ended(Self.unstarted), now: 0.1)
        #expect(session.state == .unreachable)
    }

    @Test func `a link that was just opened gets time to connect, and a hung one is left alone for a while`() {
        var session = Self.started()
        _ = session.tick(now: 9)
        #expect(session.state == .connecting)
        #expect(session.tick(now: 10.5).contains(.close))
        #expect(session.state == .unreachable)
        #expect(!session.tick(now: 12).contains(.open))
        #expect(session.tick(now: 12.6).contains(.open))
    }

    @Test func `attempts come ever more rarely, never more than ten seconds apart`() {
        var session = Self.started()
        var now = 0.0
        var waits: [Double] = []
        for _ in 0..<8 {
            _ = session.handle(.ended(Self.killed), now: now)
            let failed = now
            repeat { now += 0.25 } while !session.tick(now: now).contains(.open)
            waits.append(now - failed)
        }
        #expect(waits == waits.sorted() && waits.last == 10)
    }

    @Test func `a call ends with its answer, once`() {
        var session = Self.started()
        #expect(session.call(.snapshot, ticket: 9, timeout: 2, now: 0) == [.send(.call(3, .snapshot))])
        #expect(
            session.handle(.frame(.answer(3, .success(.done))), now: 0.5)
                == [.completed(ticket: 9, .success(.done))])
        #expect(session.delay == 0.5)
        #expect(session.handle(.frame(.answer(3, .success(.done))), now: 0.6) == [])
    }

    @Test(arguments: [true, false])
    func `a call whose answer is lost ends in the unknown`(linkEnds: Bool) throws {
        var session = Self.started()
        _ = session.call(.snapshot, ticket: 9, timeout: 2, now: 0)
        let actions = linkEnds ? session.handle(.ended(Self.killed), now: 1) : session.tick(now: 2.5)
        let failure = try #require(
            actions.compactMap { action -> AgentFailure? in
                guard case .completed(ticket: 9, .failure(let failure)) = action else { return nil }
                return failure
            }.first)
        #expect(failure.leavesOutcomeUnknown)
    }

    @Test func `a call that was never sent is known not to be carried out`() throws {
        var session = Self.started()
        _ = session.handle(.ended(Self.killed), now: 0)
        guard
            case .completed(ticket: 9, .failure(let failure)) = session.call(.snapshot, ticket: 9, timeout: 2, now: 1)[
                0]
        else { throw AgentFailure(message: "another action") }
        #expect(!failure.leavesOutcomeUnknown && failure.message == Self.killed.sentence)
    }

    @Test func `garbage, impossible samples and another protocol close the link with the reason`() {
        var impossible = Self.started()
        let cluster = WireSample.Cluster(
            address: .init(10, 8, 0, 1), configuration: nil, driver: nil, ownership: nil, counters: [], health: nil,
            alterations: nil, connections: nil)
        let wire = WireSample(time: 1, generation: 1, isWhole: false, clusters: [cluster])
        #expect(impossible.handle(.frame(.sample(wire)), now: 0).first == .close)
        var garbage = Self.started()
        #expect(garbage.handle(.garbage(AgentFailure(message: "not JSON \u{1b}[2J")), now: 0).first == .close)
        #expect(garbage.failure == .unreadable("not JSON \u{fffd}[2J"))
        var other = Self.started()
        let identity = AgentIdentity(
            protocolVersion: 9, version: "9", host: "h", kernel: "k", drivers: [], readOnly: false)
        #expect(other.handle(.frame(.answer(1, .success(.identity(identity)))), now: 0).first == .close)
        #expect(other.failure == .otherProtocol(agent: 9, console: AgentIdentity.currentProtocol))
    }

    @Test func `an impossible bucket ends the link, and the call is as if never answered`() {
        var session = Self.started()
        _ = session.call(.operations(.init(10, 8, 0, 1)), ticket: 9, timeout: 2, now: 0)
        let actions = session.handle(.frame(.answer(3, .success(.operations([-7: "op"])))), now: 0.5)
        let lost = AgentFailure(
            code: .lost, message: "the agent sent bucket -7, which does not exist")
        #expect(actions.first == .close && actions.last == .completed(ticket: 9, .failure(lost)))
        #expect(session.state == .unreachable && session.failure == .unreadable(lost.message))
    }

    @Test func `an impossible count is a failure of its call, and the link goes on`() {
        var session = Self.started()
        _ = session.call(.connections(.init(10, 8, 0, 1)), ticket: 9, timeout: 2, now: 0)
        let actions = session.handle(.frame(.answer(3, .success(.connections([1: .max])))), now: 0.5)
        guard actions.count == 1, case .completed(ticket: 9, .failure(let failure)) = actions[0] else {
            Issue.record("\(actions)")
            return
        }
        #expect(failure.code == .malformed && session.state == .connecting)
    }

    @Test func `what an agent says of a call is made safe before anybody hears it`() {
        var session = Self.started()
        _ = session.call(.snapshot, ticket: 9, timeout: 2, now: 0)
        let raw = AgentFailure(
            code: .kernel, message: "\u{1b}]0;x\u{7}\u{202e}" + String(repeating: "x", count: 47_000))
        let actions = session.handle(.frame(.answer(3, .failure(raw))), now: 0.5)
        let safe = "\u{fffd}]0;x\u{fffd}\u{fffd}" + String(repeating: "x", count: 293)
        #expect(actions == [.completed(ticket: 9, .failure(AgentFailure(code: .kernel, message: safe)))])
    }

    @Test func `what an agent says is wrong with it outlasts its silence`() {
        var session = NodeSession(interval: 1)
        _ = session.start(now: 0)
        let failure = AgentFailure(code: .notPermitted, message: "The kernel does not permit reading the ruleset.")
        let refusal = LinkFailure.refused(.notPermitted, failure.message)
        _ = session.handle(.frame(.answer(nil, .failure(failure))), now: 1)
        #expect(session.state == .connecting && session.failure == refusal)
        _ = session.tick(now: 11)
        #expect(session.state == .unreachable && session.failure == refusal)
    }
}
