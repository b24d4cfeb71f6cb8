import CLab
import Glibc
import Reactor

/// Where a lab that is up takes orders: a socket in its directory, which only its user may enter.
final class ControlSocket {
    private let reactor: Reactor
    private let handle: (LabOrder, @escaping (LabError?) -> Void) -> Void
    private let listener: Int32

    /// Listens; the handler calls its second argument once, with nil when the order is carried out.
    init(
        in directory: String, reactor: Reactor, handle: @escaping (LabOrder, @escaping (LabError?) -> Void) -> Void
    ) throws(SystemError) {
        self.reactor = reactor
        self.handle = handle
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        listener = socket(AF_UNIX, kind, 0)
        let descriptor = listener
        let path = Self.path(in: directory)
        guard Self.with(path, { bind(descriptor, $0, $1) }) == 0, listen(listener, 8) == 0 else {
            throw SystemError("take orders at \(path)")
        }
        try reactor.watch(listener) { [unowned self] _ in accept() }
    }

    /// The socket's path.
    static func path(in directory: String) -> String { directory + "/control" }

    /// Calls a function that takes the address of a socket in the file system, and returns what it returned.
    ///
    /// A path of more than 107 bytes is none; -1 with `ENAMETOOLONG` then.
    static func with(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return -1
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private func accept() {
        let descriptor = clab_accept(listener)
        guard descriptor >= 0 else { return }
        var lines = LineBuffer(limit: 1 << 16)
        var token: Reactor.Token?
        token = try? reactor.watch(descriptor) { [unowned self] _ in
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            lines.append(buffer[..<max(count, 0)])
            let line = lines.next()
            guard line != nil || count <= 0 || lines.isOverfull else { return }
            token.map(reactor.cancel)
            take(line, from: descriptor)
        }
        if token == nil { close(descriptor) }
    }

    private func take(_ line: ArraySlice<UInt8>?, from descriptor: Int32) {
        guard let line, let order = try? LabJSON.decode(LabOrder.self, from: line) else {
            close(descriptor)
            return
        }
        handle(order) { error in
            LabJSON.write(error.map { LabOrderAnswer.failed($0.description) } ?? .done, to: descriptor)
            close(descriptor)
        }
    }
}
