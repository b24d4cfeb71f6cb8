import Glibc

/// An error number that the kernel answered with, and the message it answered.
struct KernelError: Error, Hashable {
    /// The error number, positive, such as `ENOENT`.
    var number: Int32
    /// The sequence number of the message that was refused; 0 when none is known.
    var sequence: UInt32 = 0

    /// The kernel asked to start again because the ruleset has changed: `ERESTART`, which user space has no name for.
    static let restart: Int32 = 85

    /// The current `errno`.
    static var last: Self { Self(number: errno) }

    /// The C library's words for the number.
    var text: String { Self.text(number) }

    /// The C library's words for an error number.
    static func text(_ number: Int32) -> String {
        number == restart ? "The ruleset changed meanwhile" : String(cString: strerror(number))
    }
}
