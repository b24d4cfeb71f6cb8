import AgentProtocol
import ClusterModel
import Responsibility
import Testing

@Suite struct FrameTests {
    static let configuration = ClusterConfiguration(
        name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 42)))

    private static let step = StepRequest(
        operation: "op-1", address: IPAddress(10, 8, 0, 1),
        changes: [.init(bucket: 3, from: .owned, to: .draining), .init(bucket: 4, from: nil, to: .owned)])

    static let frames: [AgentFrame] = [
        .call(1, .hello), .call(2, .snapshot), .call(3, .watch(interval: 1000)), .call(4, .apply(step)),
        .call(5, .operations(configuration.address)), .call(6, .connections(configuration.address)),
        .call(7, .dropConnections(configuration.address, [1, 2])), .call(8, .install(configuration, owned: [1])),
        .call(9, .uninstall(configuration.address)),
        .call(10, .rebuild(configuration, from: nil, keeping: true)),
        .call(12, .rebuild(configuration, from: configuration.scheme, keeping: false)),
        .call(13, .admit(configuration, members: ["node1", "node2"])),
        .call(15, .enroll(configuration.address, adding: ["node1"], removing: ["node2"])),
        .call(
            14, .noted(.apply(step), OperationNote(who: "anna as root@ops", title: "drain node1", reason: "a new disk"))
        ),
        .call(16, .apply(step).expiring(at: 86_400_000_000_000)), .call(17, .apply(step).expiring(at: 0)),
        .call(18, .apply(step).expiring(at: 9_000_000_000_000_000_000)),
        .answer(8, .failure(AgentFailure(code: .expired, message: "too late", clock: 86_400_000_000_000))),
        .call(19, .observe(configuration.address)), .call(20, .endObserving(configuration.address)),
        .call(11, .leave(configuration.address)), .answer(1, .success(.done)),
        .answer(2, .success(.step(.applied))),
        .answer(3, .success(.step(.refused([.init(bucket: 3, expected: .owned, found: nil, writtenBy: "op-0")])))),
        .answer(4, .success(.operations([3: "op-1"]))), .answer(5, .success(.connections([1: 7]))),
        .answer(6, .success(.dropped(2))), .answer(7, .failure(AgentFailure(code: .badValue, message: "no"))),
        .answer(nil, .failure(AgentFailure(number: -32700, message: "not JSON"))),
    ]

    @Test(arguments: frames)
    func `a frame survives its line`(frame: AgentFrame) throws {
        let line = frame.line()
        #expect(line.last == 10 && line.dropLast().allSatisfy { $0 != 10 })
        let read = try AgentFrame(line: line)
        #expect(read == frame)
    }

    @Test func `a step names buckets that change alike once`() throws {
        let changes = (1...300).map { StepRequest.Change(bucket: $0, from: nil, to: .owned, by: $0 == 7 ? "" : "op-0") }
        let step = StepRequest(operation: "op-1", address: IPAddress(10, 8, 0, 1), changes: changes)
        let frame = AgentFrame.call(1, .apply(step))
        let line = frame.line()
        #expect(line.count < 300)
        let read = try AgentFrame(line: line)
        #expect(read == frame)
    }

    @Test(arguments: ["", "0", "3-1", "70000", "x"])
    func `a step whose buckets are none is a call that cannot be carried out`(buckets: String) throws {
        let line = #"""
            {"id":8,"method":"apply","params":{"step":{"operation":"o","address":"10.8.0.1","changes":[{"buckets":"\#(buckets)"}]}}}
            """#
        guard case .unusableCall(8, let failure) = try AgentFrame(line: line.utf8) else {
            throw AgentFailure(message: "another frame")
        }
        #expect(failure.number == -32602)
    }

    private static func apply(_ groups: [String]) -> String {
        let changes = groups.map { #"{"buckets":"\#($0)"}"# }.joined(separator: ",")
        return
            #"{"id":8,"method":"apply","params":{"step":{"operation":"o","address":"10.8.0.1","changes":[\#(changes)]}}}"#
    }

    @Test(arguments: [
        ["1-9,5"], ["1-9", "9"], ["7,7"], [Array(repeating: "1-65536", count: 120_000).joined(separator: ",")],
        Array(repeating: "1-65536", count: 20_000),
    ])
    func `a bucket that is named twice ends the reading, before it costs anything`(groups: [String]) throws {
        guard case .unusableCall(8, let failure) = try AgentFrame(line: Self.apply(groups).utf8) else {
            throw AgentFailure(message: "another frame")
        }
        #expect(failure.number == -32602 && failure.message.contains("twice"))
    }

    @Test func `all buckets there are may change at once`() throws {
        let groups = (1...65_536).map { "\($0)" }
        guard case .call(8, .apply(let step)) = try AgentFrame(line: Self.apply(groups).utf8) else {
            throw AgentFailure(message: "another frame")
        }
        #expect(step.changes.map(\.bucket) == Array(1...65_536))
    }

    @Test(arguments: ["apply", "drop_connections", "install", "uninstall"])
    func `who is read-only refuses a change unread`(method: String) throws {
        let line = #"{"id":8,"method":"\#(method)","params":{"step":"no step at all"}}"#
        guard case .unusableCall(8, let failure) = try AgentFrame(line: line.utf8, isReadOnly: true) else {
            throw AgentFailure(message: "another frame")
        }
        #expect(failure == .readOnly(method: method))
        let frame = try AgentFrame(line: #"{"id":8,"method":"hello"}"#.utf8, isReadOnly: true)
        #expect(frame == .call(8, .hello))
    }

    @Test(arguments: [
        "", "{", "null", "[]", "{}", "{\"id\":1}", "{\"method\":\"hello\"}", "\u{1b}[2J",
        "{\"id\":1,\"result\":{\"other\":1}}",
    ])
    func `a line that is no message is a failure, not a trap`(line: String) {
        #expect(throws: AgentFailure.self) { try AgentFrame(line: line.utf8) }
    }

    @Test func `an unknown method and a missing parameter keep the call's number`() throws {
        guard
            case .unusableCall(7, let unknown) = try AgentFrame(line: #"{"jsonrpc":"2.0","id":7,"method":"fly"}"#.utf8),
            case .unusableCall(8, let missing) = try AgentFrame(line: #"{"id":8,"method":"apply","params":{}}"#.utf8)
        else { throw AgentFailure(message: "another frame") }
        #expect(unknown.number == -32601 && unknown.message == "there is no method \"fly\"")
        #expect(missing.number == -32602 && missing.message == "apply needs the parameter step")
    }
}
