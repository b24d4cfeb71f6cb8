import Glibc

/// A system call that failed, with what was being done.
public struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The value of `errno`.
    public var code: Int32
    /// What was being done, such as "start nsenter".
    public var action: String

    /// An error with the current `errno` or the one given.
    public init(_ action: String, code: Int32 = errno) {
        self.action = action
        self.code = code
    }

    /// "cannot start nsenter: No such file or directory".
    public var description: String {
        "cannot \(action): \(code == EMFILE ? FileLimit.sentence : String(cString: strerror(code)))"
    }
}
