import ClusterModel

/// Why an agent did not do what was asked, as JSON-RPC carries it.
public struct AgentFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The JSON-RPC error number: -32700 not JSON, -32600 no request, -32601 no such method, -32602 bad parameters,
    /// -32000 the driver's refusal.
    public var number: Int
    /// The kind of failure, for programs; nil for errors of the protocol.
    public var code: FailureCode?
    /// One sentence for people.
    public var message: String
    /// The node's clock in nanoseconds, when the request came too late by it; whoever sent that can set its own by it.
    public var clock: UInt64?

    /// A failure from its parts.
    public init(number: Int = -32000, code: FailureCode? = nil, message: String, clock: UInt64? = nil) {
        self.number = number
        self.code = code
        self.message = message
        self.clock = clock
    }

    /// The sentence.
    public var description: String { message }
}

extension AgentFailure: Codable {
    private enum Key: String, CodingKey {
        case code, message, data
    }

    private struct Detail: Codable {
        var code: FailureCode
        var clock: UInt64?
    }

    /// Decodes a JSON-RPC error object.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        number = try container.decode(Int.self, forKey: .code)
        message = try container.decode(String.self, forKey: .message)
        let detail = try? container.decodeIfPresent(Detail.self, forKey: .data)
        (code, clock) = (detail?.code, detail?.clock)
    }

    /// Encodes a JSON-RPC error object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(number, forKey: .code)
        try container.encode(message, forKey: .message)
        if let code { try container.encode(Detail(code: code, clock: clock), forKey: .data) }
    }
}

extension AgentFailure {
    /// What a read-only agent answers to a call that changes its node.
    public static func readOnly(method: String) -> Self {
        Self(code: .readOnly, message: "this agent was started with --read-only and refuses \"\(method)\"")
    }

    /// Whether it is unknown if the call was carried out.
    public var leavesOutcomeUnknown: Bool { code == .lost }

    /// Whether the same call may be sent again: its answer was lost, or it came too late.
    public var isWorthAnother: Bool { code == .lost || code == .expired }
}
