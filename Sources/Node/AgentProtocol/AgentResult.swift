import ClusterModel

/// What an agent answers to a call; one JSON object with one key.
public enum AgentResult: Hashable, Sendable {
    /// To `hello`.
    case identity(AgentIdentity)
    /// To `snapshot`.
    case sample(WireSample)
    /// To `apply`.
    case step(StepOutcome)
    /// To `operations`: the operation id by bucket.
    case operations([Int: String])
    /// To `connections`: how many by bucket.
    case connections([Int: Int])
    /// To `dropConnections`: how many were forgotten.
    case dropped(Int)
    /// To calls with nothing to tell.
    case done
}

extension AgentResult: Codable {
    private enum Key: String, CodingKey {
        case identity, sample, step, operations, connections, dropped, done
    }

    /// Decodes the object with one key.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard let key = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no result that this program knows"))
        }
        switch key {
        case .identity: self = .identity(try container.decode(AgentIdentity.self, forKey: key))
        case .sample: self = .sample(try container.decode(WireSample.self, forKey: key))
        case .step: self = .step(try container.decode(StepOutcome.self, forKey: key))
        case .operations: self = .operations(try container.decode([Int: String].self, forKey: key))
        case .connections: self = .connections(try container.decode([Int: Int].self, forKey: key))
        case .dropped: self = .dropped(try container.decode(Int.self, forKey: key))
        case .done: self = .done
        }
    }

    /// Encodes an object with one key.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .identity(let value): try container.encode(value, forKey: .identity)
        case .sample(let value): try container.encode(value, forKey: .sample)
        case .step(let value): try container.encode(value, forKey: .step)
        case .operations(let value): try container.encode(value, forKey: .operations)
        case .connections(let value): try container.encode(value, forKey: .connections)
        case .dropped(let value): try container.encode(value, forKey: .dropped)
        case .done: try container.encode(true, forKey: .done)
        }
    }
}
