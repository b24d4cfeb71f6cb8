import CLinux
import Glibc

/// A single-threaded loop over file descriptors, timers, signals and child processes.
///
/// Everything in the program that waits, waits here; every handler runs on the thread that called `run`, one at a time,
/// to its end. Handlers may add and remove descriptors and timers, their own included.
public final class Reactor {
    /// Names a watched descriptor or a timer, until it is cancelled or has fired for the last time.
    public struct Token: Hashable, Sendable {
        /// The number, unique for its timekeeper.
        public let number: UInt64

        /// A name for a timer of another timekeeper.
        public init(number: UInt64) { self.number = number }
    }

    private struct Watch {
        let descriptor: Int32
        let handler: (Readiness) -> Void
    }

    private let epoll: Int32
    private var nextToken: UInt64 = 1
    private var watches: [UInt64: Watch] = [:]
    private var timers = TimerTable()
    private var signalDescriptor: Int32 = -1
    private var isStopped = false

    /// A loop that watches nothing yet.
    ///
    /// - Throws: `SystemError` when the kernel has no epoll descriptor to give.
    public init() throws(SystemError) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SystemError("create an epoll descriptor") }
    }

    deinit {
        if signalDescriptor >= 0 { Glibc.close(signalDescriptor) }
        Glibc.close(epoll)
    }

    /// The monotonic clock in nanoseconds.
    public static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Calls a handler whenever the descriptor is ready; level-triggered.
    ///
    /// The descriptor stays the caller's to close,
    /// after `cancel`.
    @discardableResult
    public func watch(
        _ descriptor: Int32, for interest: Readiness = .readable, handler: @escaping (Readiness) -> Void
    ) throws(SystemError) -> Token {
        let token = makeToken()
        guard clusterip_epoll_control(epoll, EPOLL_CTL_ADD, descriptor, Self.events(interest), token.number) == 0 else {
            throw SystemError("watch descriptor \(descriptor)")
        }
        watches[token.number] = Watch(descriptor: descriptor, handler: handler)
        return token
    }

    /// Changes what a watched descriptor is watched for.
    public func change(_ token: Token, to interest: Readiness) {
        guard let watch = watches[token.number] else { return }
        _ = clusterip_epoll_control(
            epoll, EPOLL_CTL_MOD, watch.descriptor, Self.events(interest), token.number)
    }

    /// Calls a handler once after a delay in seconds, or again and again at that interval.
    @discardableResult
    public func after(_ seconds: Double, repeating: Bool = false, handler: @escaping () -> Void) -> Token {
        let token = makeToken()
        timers.add(token.number, after: UInt64(max(seconds, 0) * 1e9), isRepeating: repeating, now: Self.now, handler)
        return token
    }

    /// Ends a watch or a timer; one that is over already is left alone.
    public func cancel(_ token: Token) {
        timers.remove(token.number)
        if let watch = watches.removeValue(forKey: token.number) {
            _ = clusterip_epoll_control(epoll, EPOLL_CTL_DEL, watch.descriptor, 0, 0)
        }
    }

    /// Delivers these signals to a handler instead of to the process; call once.
    public func onSignals(_ signals: [Int32], handler: @escaping (Int32) -> Void) throws(SystemError) {
        var mask = sigset_t()
        sigemptyset(&mask)
        for signal in signals { sigaddset(&mask, signal) }
        pthread_sigmask(SIG_BLOCK, &mask, nil)
        let descriptor = signalfd(-1, &mask, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
        guard descriptor >= 0 else { throw SystemError("create a signal descriptor") }
        signalDescriptor = descriptor
        try watch(descriptor) { _ in
            var info = signalfd_siginfo()
            while read(descriptor, &info, MemoryLayout<signalfd_siginfo>.size) > 0 { handler(Int32(info.ssi_signo)) }
        }
    }

    /// Runs until `stop` is called, or nothing is left to wait for.
    public func run() {
        isStopped = false
        while !isStopped, !(watches.isEmpty && timers.isEmpty) { turn() }
    }

    /// Makes `run` return after the current handler.
    public func stop() { isStopped = true }

    /// Waits once, for at most `limit` seconds, and calls the handlers of what is ready.
    public func turn(limit: Double? = nil) {
        var events = [UInt32](repeating: 0, count: 64)
        var tokens = [UInt64](repeating: 0, count: 64)
        let count = clusterip_epoll_wait(epoll, &events, &tokens, 64, timeout(limit: limit))
        for index in 0..<max(Int(count), 0) where !isStopped {
            watches[tokens[index]]?.handler(Self.readiness(events[index]))
        }
        fireTimers()
    }

    private func timeout(limit: Double?) -> Int32 {
        var nanoseconds = limit.map { UInt64(max($0, 0) * 1e9) } ?? .max
        if let deadline = timers.nextDeadline {
            let now = Self.now
            nanoseconds = min(nanoseconds, deadline > now ? deadline - now : 0)
        }
        return nanoseconds == .max ? -1 : Int32(clamping: (nanoseconds + 999_999) / 1_000_000)
    }

    private func fireTimers() {
        let now = Self.now
        for number in timers.due(now: now) where !isStopped { timers.fire(number, now: now)?() }
    }

    private func makeToken() -> Token {
        defer { nextToken += 1 }
        return Token(number: nextToken)
    }

    private static func events(_ interest: Readiness) -> UInt32 {
        (interest.contains(.readable) ? EPOLLIN.rawValue : 0) | (interest.contains(.writable) ? EPOLLOUT.rawValue : 0)
    }

    private static func readiness(_ events: UInt32) -> Readiness {
        var result: Readiness = []
        if events & EPOLLIN.rawValue != 0 { result.insert(.readable) }
        if events & EPOLLOUT.rawValue != 0 { result.insert(.writable) }
        if events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { result.formUnion([.hangUp, .readable]) }
        return result
    }
}

/// What a file descriptor can do, or what is wanted of it.
public struct Readiness: OptionSet, Sendable {
    /// The bits.
    public var rawValue: UInt8

    /// A set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// There is something to read, or the end.
    public static let readable = Self(rawValue: 1)
    /// There is room to write.
    public static let writable = Self(rawValue: 2)
    /// The other side is gone, or the descriptor is in error; reading tells which.
    public static let hangUp = Self(rawValue: 4)
}

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
