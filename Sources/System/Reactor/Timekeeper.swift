/// A clock with timers: the reactor's, or a simulation's that runs on time of its own.
public protocol Timekeeper: AnyObject {
    /// Nanoseconds of a clock that only goes forward.
    var time: UInt64 { get }

    /// Calls a handler once after a delay in seconds, or again and again at that interval.
    @discardableResult
    func after(_ seconds: Double, repeating: Bool, handler: @escaping () -> Void) -> Reactor.Token

    /// Ends a timer; one that is over already is left alone.
    func cancel(_ token: Reactor.Token)
}

extension Timekeeper {
    /// The time in seconds.
    public var seconds: Double { Double(time) / 1e9 }

    /// Calls a handler once after a delay in seconds.
    @discardableResult
    public func after(_ seconds: Double, handler: @escaping () -> Void) -> Reactor.Token {
        after(seconds, repeating: false, handler: handler)
    }
}

extension Reactor: Timekeeper {
    /// The monotonic clock in nanoseconds.
    public var time: UInt64 { Self.now }
}
