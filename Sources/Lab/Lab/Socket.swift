import CLinux
import Glibc
import Reactor
import Responsibility

/// IPv4 sockets, all of them non-blocking and closed on exec.
enum Socket {
    /// A UDP or TCP socket.
    static func make(_ kind: __socket_type) throws(SystemError) -> Int32 {
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, Int32(kind.rawValue) | flags, 0)
        guard descriptor >= 0 else { throw SystemError("create a socket") }
        return descriptor
    }

    static func address(_ address: IPv4Address, _ port: UInt16) -> sockaddr_in {
        var result = sockaddr_in()
        result.sin_family = sa_family_t(AF_INET)
        result.sin_port = port.bigEndian
        result.sin_addr.s_addr = address.number.bigEndian
        return result
    }

    /// Calls a function that takes a socket address.
    static func with<Result>(
        _ address: sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    static func bind(_ descriptor: Int32, to address: IPv4Address, port: UInt16) throws(SystemError) {
        guard with(Self.address(address, port), { Glibc.bind(descriptor, $0, $1) }) == 0 else {
            throw SystemError("bind \(address):\(port)")
        }
    }

    /// Begins to connect; 0 when it is connected or on the way, else `errno`.
    static func connect(_ descriptor: Int32, to address: IPv4Address, port: UInt16) -> Int32 {
        let result = with(Self.address(address, port)) { Glibc.connect(descriptor, $0, $1) }
        return result == 0 || errno == EINPROGRESS ? 0 : errno
    }

    /// Switches a socket option on, or gives it a number.
    static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, to value: Int32 = 1) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// What went wrong on a socket since last asked; 0 for nothing.
    static func error(_ descriptor: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
        return code
    }
}

/// A pipe, both ends closed on exec; what is not taken or closed before is closed with it.
struct Pipe: ~Copyable {
    private(set) var reading: Int32
    private(set) var writing: Int32

    init() throws(LabError) {
        var ends: [Int32] = [-1, -1]
        guard clusterip_pipe(&ends) == 0 else {
            throw LabError("the lab cannot create a pipe: \(String(cString: strerror(errno)))")
        }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit { for end in [reading, writing] where end >= 0 { close(end) } }

    mutating func closeWriting() {
        if writing >= 0 { close(writing) }
        writing = -1
    }

    /// The writing end, which is the caller's to close from now on.
    mutating func takeWriting() -> Int32 {
        defer { writing = -1 }
        return writing
    }
}

/// Where the standard streams of a lab's processes lead.
enum StandardStreams {
    /// Appends what is written to standard error to a file from now on.
    static func sendErrors(to path: String) {
        let log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else { return }
        dup2(log, STDERR_FILENO)
        close(log)
    }

    /// Writes a line to standard error.
    static func complain(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Lets go of a pipe from the process that started this one, which may be waiting for its end.
    static func release(_ descriptor: Int32) {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        dup2(null, descriptor)
        close(null)
    }
}
