import Glibc

/// Makes the ids that operations carry into the kernel.
enum OperationID {
    /// A new id: the time in seconds and a random part, in base 36, so that ids sort by time.
    static func make() -> String {
        "op-" + String(UInt64(time(nil)), radix: 36) + "-" + String(UInt32.random(in: 0...UInt32.max), radix: 36)
    }
}
