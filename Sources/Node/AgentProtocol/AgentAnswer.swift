import ClusterModel

/// What an agent answers to a call.
public typealias AgentAnswer = Result<AgentResult, AgentFailure>

extension AgentAnswer {
    /// The answer with every text made safe and every number within its bounds; each one passes here before it is used.
    ///
    /// A count that cannot be is a failure of its call: nothing is decided by it, and the operation goes on without.
    ///
    /// - Throws: `AgentFailure` when a well-meaning agent would not send it, and what it did is not known.
    public func admitted() throws(AgentFailure) -> Self {
        switch self {
        case .success(let result):
            if let wrong = result.impossibleCount { return .failure(wrong) }
            return .success(try result.admitted())
        case .failure(let failure): return .failure(failure.madeSafe)
        }
    }
}

extension AgentFailure {
    /// The failure with its code and its sentence cut and made safe for a terminal.
    public var madeSafe: Self {
        Self(
            number: number, code: code.map { FailureCode(rawValue: $0.rawValue) },
            message: message.madeSafe(limit: AgentLimits.sentence), clock: clock)
    }
}

extension AgentResult {
    fileprivate func admitted() throws(AgentFailure) -> Self {
        switch self {
        case .identity(let identity): return .identity(identity.madeSafe)
        case .step(.refused(let mismatches)):
            guard mismatches.count <= BucketSet.maximumBucket else {
                throw AgentLimits.malformed("\(mismatches.count) refused buckets")
            }
            for mismatch in mismatches {
                try Self.check(bucket: mismatch.bucket)
                try Self.check(operation: mismatch.writtenBy ?? "")
            }
        case .operations(let operations):
            for (bucket, operation) in operations {
                try Self.check(bucket: bucket)
                try Self.check(operation: operation)
            }
        case .connections, .dropped, .sample, .step(.applied), .done: break
        }
        return self
    }

    /// What is wrong with a count of connections; nil for what can be.
    fileprivate var impossibleCount: AgentFailure? {
        switch self {
        case .connections(let counts):
            let wrong = counts.first { bucket, count in
                !(1...BucketSet.maximumBucket).contains(bucket) || !(0...AgentLimits.connections).contains(count)
            }
            return wrong.map { AgentLimits.malformed("a count of \($0.value) connections in bucket \($0.key)") }
        case .dropped(let count) where !(0...AgentLimits.connections).contains(count):
            return AgentLimits.malformed("a count of \(count) connections")
        default: return nil
        }
    }

    private static func check(bucket: Int) throws(AgentFailure) {
        guard (1...BucketSet.maximumBucket).contains(bucket) else {
            throw AgentLimits.malformed("bucket \(bucket), which does not exist")
        }
    }

    private static func check(operation: String) throws(AgentFailure) {
        guard operation.utf8.count <= AgentLimits.operation else {
            throw AgentLimits.malformed("the id of an operation of \(operation.utf8.count) bytes")
        }
    }
}

extension AgentIdentity {
    fileprivate var madeSafe: Self {
        func safe(_ name: String) -> String { name.madeSafe(limit: AgentLimits.name) }
        return Self(
            protocolVersion: protocolVersion, version: safe(version), host: safe(host),
            machine: machine.map(safe), kernel: safe(kernel),
            drivers: drivers.prefix(16).map { DriverDescription(safe($0.name), $0.capabilities) }, readOnly: readOnly)
    }
}
