import AgentProtocol
import ClusterModel
import Testing

/// What a node answers is checked where it enters, whatever it is.
@Suite struct AnswerTests {
    @Test(arguments: [
        AgentResult.connections([1: Int.max]), .connections([1: -1]), .connections([0: 1]), .connections([65_537: 1]),
        .connections([1: 3, 2: AgentLimits.connections + 1]), .dropped(Int.max), .dropped(-1),
    ])
    func `a count that cannot be is a failure of its call`(result: AgentResult) throws {
        guard case .failure(let failure) = try AgentAnswer.success(result).admitted() else {
            throw AgentFailure(message: "no failure")
        }
        #expect(failure.code == .malformed && failure.message.hasPrefix("the agent sent a count of "))
        #expect(!failure.leavesOutcomeUnknown)
    }

    @Test(arguments: [
        AgentResult.operations([Int.max: "op"]), .operations([1: String(repeating: "x", count: 129)]),
        .step(.refused([.init(bucket: Int.min, expected: nil, found: nil)])),
        .step(.refused([.init(bucket: 1, expected: nil, found: nil, writtenBy: String(repeating: "x", count: 129))])),
        .step(.refused(Array(repeating: .init(bucket: 1, expected: nil, found: nil), count: 65_537))),
    ])
    func `a number that cannot be is refused`(result: AgentResult) {
        let error = #expect(throws: AgentFailure.self) { try AgentAnswer.success(result).admitted() }
        #expect(error?.code == .malformed && error?.message.hasPrefix("the agent sent ") == true)
    }

    @Test(arguments: [
        AgentResult.connections([1: 0, 65_536: AgentLimits.connections]), .connections([:]), .dropped(0), .done,
        .operations([1: "", 65_536: String(repeating: "x", count: 128)]), .step(.applied),
        .step(.refused([.init(bucket: 65_536, expected: .owned, found: nil, writtenBy: "op")])),
    ])
    func `what can be passes as it is`(result: AgentResult) throws {
        let admitted = try AgentAnswer.success(result).admitted()
        #expect(admitted == .success(result))
    }

    @Test func `a failure loses what commands a terminal and what nobody would read`() throws {
        let raw = "\u{1b}]0;owned\u{7}\u{202e}" + String(repeating: "x", count: 47_000)
        let admitted = try AgentAnswer.failure(AgentFailure(code: .unknown(raw), message: raw)).admitted()
        guard case .failure(let failure) = admitted else { throw AgentFailure(message: "no failure") }
        for (text, limit) in [(failure.message, 300), (failure.code?.rawValue ?? "", 64)] {
            #expect(text.hasPrefix("\u{fffd}]0;owned\u{fffd}\u{fffd}x") && text.unicodeScalars.count == limit)
        }
    }

    @Test func `an identity is made safe`() throws {
        let raw = "\u{9b}31m" + String(repeating: "x", count: 999)
        let identity = AgentIdentity(
            version: raw, host: raw, kernel: raw, drivers: Array(repeating: DriverDescription(raw, .full), count: 99),
            readOnly: true)
        guard case .success(.identity(let safe)) = try AgentAnswer.success(.identity(identity)).admitted() else {
            throw AgentFailure(message: "no identity")
        }
        #expect(safe.drivers.count == 16 && safe.readOnly)
        for text in [safe.version, safe.host, safe.kernel] + safe.drivers.map(\.name) {
            #expect(text.unicodeScalars.count == 64 && text.hasPrefix("\u{fffd}31mx"))
        }
    }
}
