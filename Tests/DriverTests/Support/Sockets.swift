import Glibc
import Responsibility

/// A socket that is closed when it is forgotten.
final class TestSocket {
    let descriptor: Int32

    /// A non-blocking socket, bound to an address of the current namespace; port 0 of TCP and UDP lets the kernel choose.
    init(_ type: __socket_type, _ transport: TransportProtocol, source: IPAddress, port: UInt16) throws {
        let flags = Int32(type.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(AF_INET, flags, Int32(transport.rawValue))
        guard descriptor >= 0 else { throw Failure("socket: \(errno)") }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        let bound = withAddress(source, port) { bind(descriptor, $0, $1) }
        guard bound == 0 else { throw Failure("bind to \(source):\(port): \(errno)") }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8], to address: IPAddress, port: UInt16) throws {
        let sent = withAddress(address, port) { sendto(descriptor, bytes, bytes.count, 0, $0, $1) }
        guard sent == bytes.count else { throw Failure("sendto \(address):\(port): \(errno)") }
    }

    /// Begins to connect.
    func connect(to address: IPAddress, port: UInt16) throws {
        let result = withAddress(address, port) { Glibc.connect(descriptor, $0, $1) }
        guard result == 0 || errno == EINPROGRESS else { throw Failure("connect: \(errno)") }
    }

    func listen() throws {
        guard Glibc.listen(descriptor, 1024) == 0 else { throw Failure("listen: \(errno)") }
    }

    /// Whether the socket becomes ready for these poll events within the time.
    func isReady(_ events: Int32, milliseconds: Int32 = 1000) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return poll(&entry, 1, milliseconds) == 1 && Int32(entry.revents) & events != 0
    }

    /// The error that the socket has met, 0 for none.
    var error: Int32 {
        var value: Int32 = 0
        var size = socklen_t(4)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &value, &size)
        return value
    }

    /// What can be read now, at most 2048 bytes; nil when there is nothing.
    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 2048)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count >= 0 ? Array(buffer[..<count]) : nil
    }

    private func withAddress<Value>(
        _ address: IPAddress, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        var socketAddress = sockaddr_in()
        socketAddress.sin_family = sa_family_t(AF_INET)
        socketAddress.sin_port = port.bigEndian
        socketAddress.sin_addr.s_addr = (address.v4?.number ?? 0).bigEndian
        return withUnsafePointer(to: socketAddress) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
