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
        case .operations: self = .operations(try container.decode(WireMarks.self, forKey: key).marks)
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
        case .operations(let value): try container.encode(WireMarks(marks: value), forKey: .operations)
        case .connections(let value): try container.encode(value, forKey: .connections)
        case .dropped(let value): try container.encode(value, forKey: .dropped)
        case .done: try container.encode(true, forKey: .done)
        }
    }
}

/// Marks as they travel: the buckets of each mark as operators write them, such as `3,7-9`; many buckets have the same.
private struct WireMarks: Codable {
    /// The mark of each bucket.
    var marks: [Int: String]

    init(marks: [Int: String]) { self.marks = marks }

    /// Decodes an object from mark to buckets; the work grows with its text and with the buckets there can be.
    init(from decoder: any Decoder) throws {
        marks = [:]
        var named = BucketSet()
        for (mark, text) in try decoder.singleValueContainer().decode([String: String].self) {
            for run in try Self.runs(text, decoder) {
                guard named.count(in: run) == 0 else { throw Self.wrong("a bucket of \(run) has two marks", decoder) }
                named.insert(run)
                for bucket in run { marks[bucket] = mark }
            }
        }
    }

    private static func runs(_ text: String, _ decoder: any Decoder) throws -> [ClosedRange<Int>] {
        do throws(BucketSetError) { return try BucketSet.runs(in: text) } catch { throw wrong("\(error)", decoder) }
    }

    private static func wrong(_ what: String, _ decoder: any Decoder) -> DecodingError {
        .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: what.madeSafe(limit: 200)))
    }

    func encode(to encoder: any Encoder) throws {
        var buckets: [String: BucketSet] = [:]
        for (bucket, mark) in marks { buckets[mark, default: []].insert(bucket) }
        var container = encoder.singleValueContainer()
        try container.encode(buckets.mapValues(\.description))
    }
}
