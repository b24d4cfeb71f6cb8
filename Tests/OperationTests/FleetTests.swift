import AgentProtocol
import ClusterModel
import NodeLinks
import Reactor
import Responsibility
import Testing

@testable import NodeLinks

@Suite struct FleetTests {
    /// A clock that is set by hand; its repeating timers are called by hand, too.
    private final class Clock: Timekeeper {
        var time: UInt64 = 0
        private var beats: [() -> Void] = []

        func after(_ seconds: Double, repeating: Bool, handler: @escaping () -> Void) -> Reactor.Token {
            if repeating { beats.append(handler) }
            return Reactor.Token(number: 0)
        }

        func cancel(_ token: Reactor.Token) {}

        func go(to seconds: Double) {
            time = UInt64(seconds * 1e9)
            for beat in beats { beat() }
        }
    }

    /// A link that says what it is told to.
    private final class Link: AgentLink {
        var handler: ((LinkEvent) -> Void)?

        func open(_ handler: @escaping (LinkEvent) -> Void) { self.handler = handler }
        func send(_ frame: AgentFrame) {}
        func close() { handler = nil }

        func sample(_ time: UInt64) {
            handler?(.frame(.sample(WireSample(time: time, generation: 1, isWhole: time == 1, clusters: []))))
        }
    }

    @Test func `a program that was stopped does not take its own silence for the nodes'`() {
        let (clock, link) = (Clock(), Link())
        let fleet = Fleet(
            name: "web", observation: ClusterObservation(name: "web", address: nil, nodes: ["node1"]),
            nodes: [("node1", link)], reactor: clock)
        var states: [NodeState] = []
        fleet.onChange = { [unowned fleet] in states.append(fleet.statuses[0].state) }
        fleet.start()
        link.sample(1)
        clock.go(to: 0.25)
        clock.go(to: 3600)
        link.sample(2)
        clock.go(to: 3600.25)
        #expect(Set(states) == [.live])
        #expect(fleet.seconds < 1 && fleet.hasHeard("node1", since: 0.2))
        for quarter in 1...20 { clock.go(to: 3600.25 + Double(quarter) / 4) }
        #expect(states.last == .unreachable, "awake, silence is silence")
    }

    @Test(
        arguments: [([0, 1, 2.5, 4.5], 4.5), ([0, 1, 3.5, 4], 1.5), ([7, 100, 101, 900, 902], 10)]
            as [([Double], Double)])
    func `only time that the program can have lived passes`(readings: [Double], time: Double) {
        var clock = AwakeClock(longest: 2)
        let last = readings.map { clock.read($0) }.last
        #expect(last == time)
    }
}
