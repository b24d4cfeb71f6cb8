import ClusterModel
import Responsibility

extension AgentFrame: Codable {
    private enum Key: String, CodingKey {
        case jsonrpc, id, method, params, result, error
    }

    private struct Parameters: Codable {
        var interval: Int?
        var step: WireStep?
        var address: IPAddress?
        var buckets: BucketSet?
        var configuration: ClusterConfiguration?
        var owned: BucketSet?
        var from: HashScheme?
        var keeping: Bool?
        var note: OperationNote?
        var adding: [String]?
        var removing: [String]?
        var driver: String?
    }

    /// Decodes any of the three kinds of message.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let method = try container.decodeIfPresent(String.self, forKey: .method) {
            if method == "sample" {
                self = .sample(try container.decode(WireSample.self, forKey: .params))
            } else if method == "alive" {
                self = .alive
            } else {
                let number = try container.decode(Int.self, forKey: .id)
                if decoder.userInfo[Self.readOnlyKey] as? Bool == true, AgentCall.changes(node: method) {
                    self = .unusableCall(number, .readOnly(method: method))
                    return
                }
                do {
                    let parameters = try container.decodeIfPresent(Parameters.self, forKey: .params) ?? Parameters()
                    let call = try Self.call(method, parameters)
                    self = .call(number, parameters.note.map { .noted(call, $0) } ?? call)
                } catch let failure as AgentFailure {
                    self = .unusableCall(number, failure)
                } catch let error as DecodingError {
                    self = .unusableCall(
                        number,
                        AgentFailure(number: -32602, message: "\(method.madeSafe(limit: 40)): \(Self.brief(error))"))
                }
            }
        } else if let failure = try container.decodeIfPresent(AgentFailure.self, forKey: .error) {
            self = .answer(try container.decodeIfPresent(Int.self, forKey: .id), .failure(failure))
        } else {
            self = .answer(
                try container.decode(Int.self, forKey: .id),
                .success(try container.decode(AgentResult.self, forKey: .result)))
        }
    }

    private static func call(_ method: String, _ parameters: Parameters) throws -> AgentCall {
        func need<Value>(_ value: Value?, _ name: String) throws -> Value {
            guard let value else {
                throw AgentFailure(number: -32602, message: "\(method) needs the parameter \(name)")
            }
            return value
        }
        switch method {
        case "hello": return .hello
        case "snapshot": return .snapshot
        case "watch": return .watch(interval: try need(parameters.interval, "interval"))
        case "apply": return .apply(try need(parameters.step, "step").step())
        case "operations": return .operations(try need(parameters.address, "address"))
        case "connections": return .connections(try need(parameters.address, "address"))
        case "drop_connections":
            return .dropConnections(
                try need(parameters.address, "address"), try need(parameters.buckets, "buckets"))
        case "install":
            return .install(
                try need(parameters.configuration, "configuration"), owned: try need(parameters.owned, "owned"),
                driver: parameters.driver)
        case "admit":
            let configuration = try need(parameters.configuration, "configuration")
            _ = try enrollment(configuration.address, parameters.adding ?? [], [])
            return .admit(configuration, driver: parameters.driver, members: parameters.adding ?? [])
        case "rebuild":
            return .rebuild(
                try need(parameters.configuration, "configuration"), from: parameters.from,
                keeping: parameters.keeping ?? true)
        case "enroll":
            return try enrollment(
                need(parameters.address, "address"), need(parameters.adding, "adding"), parameters.removing ?? [])
        case "announce": return .announce(try need(parameters.address, "address"))
        case "observe": return .observe(try need(parameters.address, "address"))
        case "uninstall_observer": return .endObserving(try need(parameters.address, "address"))
        case "leave": return .leave(try need(parameters.address, "address"))
        case "uninstall": return .uninstall(try need(parameters.address, "address"))
        default:
            throw AgentFailure(number: -32601, message: "there is no method \"\(method.madeSafe(limit: 40))\"")
        }
    }

    private static func parameters(_ call: AgentCall) -> Parameters? {
        switch call {
        case .hello, .snapshot: nil
        case .watch(let interval): Parameters(interval: interval)
        case .apply(let step): Parameters(step: WireStep(step))
        case .operations(let address), .connections(let address), .announce(let address), .leave(let address),
            .uninstall(let address), .observe(let address), .endObserving(let address):
            Parameters(address: address)
        case .admit(let configuration, let driver, let members):
            Parameters(configuration: configuration, adding: members, driver: driver)
        case .rebuild(let configuration, let scheme, let isKept):
            Parameters(configuration: configuration, from: scheme, keeping: isKept)
        case .dropConnections(let address, let buckets): Parameters(address: address, buckets: buckets)
        case .install(let configuration, let owned, let driver):
            Parameters(configuration: configuration, owned: owned, driver: driver)
        case .enroll(let address, let adding, let removing):
            Parameters(address: address, adding: adding, removing: removing)
        case .noted(let call, let note): noted(call, note)
        }
    }

    private static func enrollment(
        _ address: IPAddress, _ adding: [String], _ removing: [String]
    ) throws -> AgentCall {
        for name in adding + removing {
            guard !name.isEmpty, name == name.madeSafe(limit: AgentLimits.name) else {
                throw AgentFailure(
                    number: -32602, message: "enroll: \"\(name.madeSafe(limit: 80))\" is not a member's name")
            }
        }
        guard adding.count <= AgentLimits.members, removing.count <= AgentLimits.members else {
            throw AgentFailure(number: -32602, message: "enroll: more than \(AgentLimits.members) names")
        }
        return .enroll(address, adding: adding, removing: removing)
    }

    private static func noted(_ call: AgentCall, _ note: OperationNote) -> Parameters {
        var parameters = parameters(call) ?? Parameters()
        parameters.note = note
        return parameters
    }

    /// Encodes a JSON-RPC 2.0 message.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode("2.0", forKey: .jsonrpc)
        switch self {
        case .call(let number, let call):
            try container.encode(number, forKey: .id)
            try container.encode(call.method, forKey: .method)
            try container.encodeIfPresent(Self.parameters(call), forKey: .params)
        case .unusableCall(let number, let failure):
            try container.encode(number, forKey: .id)
            try container.encode(failure, forKey: .error)
        case .answer(let number, .success(let result)):
            try container.encode(number, forKey: .id)
            try container.encode(result, forKey: .result)
        case .answer(let number, .failure(let failure)):
            try container.encode(number, forKey: .id)
            try container.encode(failure, forKey: .error)
        case .alive:
            try container.encode("alive", forKey: .method)
        case .sample(let sample):
            try container.encode("sample", forKey: .method)
            try container.encode(sample, forKey: .params)
        }
    }
}
