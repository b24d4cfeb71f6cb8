/// Whether this console may change anything.
public enum Lock: Hashable, Sendable {
    /// Plans may be executed.
    case operate
    /// Plans are shown and not executed until the operator unlocks.
    case locked
    /// Nothing can be executed, whatever the operator says; the text says why.
    case readOnly(String)

    /// Why a plan cannot be executed now; nil when it can.
    public var reason: String? {
        switch self {
        case .operate: nil
        case .locked: "locked: start with --operate or type :unlock"
        case .readOnly(let why): "read-only: \(why)"
        }
    }
}
