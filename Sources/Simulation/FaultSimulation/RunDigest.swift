import AgentProtocol
import ClusterModel

/// A fingerprint of a run: two versions of the program that make the same of a seed have the same.
///
/// It knows what was asked of kernels, when, and what they answered, and no word that is written for people.
///
/// Source: Fowler, Noll, Vo and Eastlake, "The FNV Non-Cryptographic Hash Algorithm" (FNV-1a, 64 bits).
struct RunDigest {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ number: UInt64) {
        var rest = number
        for _ in 0..<8 {
            value = (value ^ rest & 0xff) &* 0x100_0000_01b3
            rest >>= 8
        }
    }

    mutating func add(_ text: String) {
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
        add(UInt64(text.utf8.count))
    }

    /// Takes a call that may change a node, and its answer.
    mutating func add(_ call: AgentCall, to node: String, _ result: Result<AgentResult, AgentFailure>, at time: UInt64)
    {
        add(time)
        add(node)
        switch call {
        case .apply(let step):
            add(step.operation)
            for change in step.changes { add(change) }
        case .dropConnections(_, let buckets): for bucket in buckets { add(UInt64(bucket)) }
        default: add(call.method)
        }
        switch result {
        case .success(.step(.applied)): add(1)
        case .success(.step(.refused(let mismatches))): add(2 + UInt64(mismatches.count))
        case .success: add(1000)
        case .failure: add(1001)
        }
    }

    private mutating func add(_ change: StepRequest.Change) {
        add(UInt64(change.bucket))
        add(change.from?.rawValue ?? "-")
        add(change.to?.rawValue ?? "-")
        add(change.by ?? "*")
    }
}
