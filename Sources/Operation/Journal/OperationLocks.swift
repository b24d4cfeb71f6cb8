import Glibc

/// Locks that say which operations are under way: one byte of a file for each, held by the program that carries it out.
///
/// They are open-file-description locks (fcntl(2)): the kernel takes them away when the program ends, however it ends,
/// and they hold across PID namespaces. The file stays empty.
final class OperationLocks {
    private static let get: Int32 = 36
    private static let set: Int32 = 37

    private let path: String
    private var descriptor: Int32 = -1
    private var held: [Int64: String] = [:]

    /// The locks in a file, which is made when the first lock is taken.
    init(path: String) { self.path = path }

    deinit {
        guard descriptor >= 0 else { return }
        // A process that is just being started has the file open, and with it the locks, until it executes its program.
        for number in held.keys { unlock(number) }
        close(descriptor)
    }

    /// Whether this object holds no lock.
    var isIdle: Bool { held.isEmpty }

    /// Takes the lock of an operation, for the operation that carries it out, completes it or takes it back.
    ///
    /// - Returns: whether it was free; a lock that this object holds is free for it.
    func take(_ number: Int64, for operation: String) -> Bool {
        if descriptor < 0 { descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        var lock = Self.byte(number, F_WRLCK)
        guard descriptor >= 0, fcntl(descriptor, Self.set, &lock) == 0 else { return false }
        held[number] = operation
        return true
    }

    /// Gives the locks back that were taken for an operation.
    func release(for operation: String) {
        for number in held.filter({ $0.value == operation }).keys {
            unlock(number)
            held[number] = nil
        }
    }

    private func unlock(_ number: Int64) {
        var lock = Self.byte(number, F_UNLCK)
        _ = fcntl(descriptor, Self.set, &lock)
    }

    /// Whether any program, this one too, holds the lock of an operation.
    func isHeld(_ number: Int64) -> Bool {
        let other = open(path, O_RDWR | O_CLOEXEC)
        guard other >= 0 else { return false }
        defer { close(other) }
        var lock = Self.byte(number, F_WRLCK)
        return fcntl(other, Self.get, &lock) == 0 && Int32(lock.l_type) != F_UNLCK
    }

    private static func byte(_ number: Int64, _ type: Int32) -> flock {
        var lock = flock()
        lock.l_type = Int16(truncatingIfNeeded: type)
        lock.l_whence = Int16(truncatingIfNeeded: SEEK_SET)
        lock.l_start = off_t(number)
        lock.l_len = 1
        return lock
    }
}
