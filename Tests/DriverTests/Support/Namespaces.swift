import Glibc
import Testing

/// Two network namespaces of this thread alone, joined by a pair of interfaces: a node with `eth0` at 10.8.1.1/16 and its
/// client with `peer0`, to which the node routes 10.9.0.0/16.
///
/// They belong to the thread that runs the body and vanish with their last descriptor; nothing has to be cleaned up. The
/// body must not suspend.
struct Namespaces {
    private let node: Int32
    private let client: Int32

    /// Runs a body in the node's namespace, and brings the thread back to where it was.
    ///
    /// The test fails, and is not skipped, where namespaces cannot be made.
    static func run(_ body: (Namespaces) throws -> Void) throws {
        let home = try Linux.currentNetwork()
        defer {
            try? Linux.enterNetwork(home)
            Glibc.close(home)
        }
        let namespaces = try Namespaces()
        defer { namespaces.close() }
        try body(namespaces)
    }

    private init() throws {
        client = try Self.unshareNetwork()
        node = try Self.unshareNetwork()
        try shell("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6; ip link set lo up")
        try addInterface()
    }

    /// Takes the pair of interfaces away and puts a new one with the same names and addresses in its place.
    func replaceInterface(isThere: Bool = true) throws {
        if isThere { try shell("ip link delete eth0") }
        try addInterface()
    }

    private func addInterface() throws {
        try shell(
            """
            ip link add eth0 type veth peer name peer0 netns /proc/\(getpid())/fd/\(client)
            ip link set eth0 address 02:00:00:00:01:01
            ip address add 10.8.1.1/16 dev eth0
            ip link set eth0 up
            """)
        try onClient {
            try shell(
                """
                ip link set lo up
                ip address add 10.8.2.1/16 dev peer0
                ip address add 10.9.0.1/16 dev peer0
                ip route replace local 10.9.0.0/16 dev lo
                ip link set peer0 up
                """)
        }
        try shell("ip route add 10.9.0.0/16 dev eth0 2>/dev/null || ip route replace 10.9.0.0/16 via 10.8.2.1")
    }

    /// Runs a body in the client's namespace; sockets made there stay there.
    @discardableResult
    func onClient<Value>(_ body: () throws -> Value) throws -> Value {
        try Linux.enterNetwork(client)
        defer { try? Linux.enterNetwork(node) }
        return try body()
    }

    private func close() {
        Glibc.close(node)
        Glibc.close(client)
    }

    private static func unshareNetwork() throws -> Int32 {
        guard Linux.unshareNetwork() else {
            throw Failure("These tests make network namespaces: run them as root, or under `unshare -Ur`.")
        }
        return try Linux.currentNetwork()
    }
}

/// Why a test could not do what it needs.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Runs shell commands in the namespace of the calling thread, stopping at the first that fails; returns what they print.
@discardableResult
func shell(_ commands: String) throws -> String {
    guard let pipe = popen("exec 2>&1; set -e; \(commands)", "r") else { throw Failure("no shell: \(errno)") }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = fread(&buffer, 1, buffer.count, pipe)
        guard count > 0 else { break }
        output.append(contentsOf: buffer[..<count])
    }
    let text = String(decoding: output, as: UTF8.self)
    let status = pclose(pipe)
    guard status == 0 else { throw Failure("status \(status) of: \(commands)\n\(text)") }
    return text
}

/// System calls that the Glibc module hides behind `_GNU_SOURCE`.
enum Linux {
    private static let newNetwork: Int32 = 0x4000_0000

    /// Gives the calling thread a network namespace of its own; false when that is refused.
    static func unshareNetwork() -> Bool {
        typealias Function = @convention(c) (Int32) -> Int32
        return unsafeBitCast(dlsym(nil, "unshare"), to: Function.self)(newNetwork) == 0
    }

    /// Moves the calling thread into a network namespace.
    static func enterNetwork(_ descriptor: Int32) throws {
        typealias Function = @convention(c) (Int32, Int32) -> Int32
        guard unsafeBitCast(dlsym(nil, "setns"), to: Function.self)(descriptor, newNetwork) == 0 else {
            throw Failure("setns: \(errno)")
        }
    }

    /// A descriptor of the calling thread's network namespace.
    static func currentNetwork() throws -> Int32 {
        let descriptor = open("/proc/thread-self/ns/net", O_RDONLY)
        guard descriptor >= 0 else { throw Failure("no namespace file: \(errno)") }
        return descriptor
    }

    /// The calling thread's id.
    static func currentThread() throws -> UInt32 {
        let path = try #require(realpath("/proc/thread-self", nil))
        defer { free(path) }
        return try #require(String(cString: path).split(separator: "/").last.flatMap { UInt32($0) })
    }

    /// The capabilities of a thread, two words each for effective, permitted and inheritable, interleaved.
    struct Capabilities {
        fileprivate var words = [UInt32](repeating: 0, count: 6)

        /// Gives the capabilities back to the calling thread.
        func restore() { _ = Linux.callCapabilities("capset", words) }
    }

    /// Takes every capability from the calling thread until they are given back.
    static func suspendCapabilities() throws -> Capabilities {
        guard let words = callCapabilities("capget", [UInt32](repeating: 0, count: 6)) else {
            throw Failure("capget: \(errno)")
        }
        let none = words.enumerated().map { $0 % 3 == 0 ? 0 : $1 }
        guard callCapabilities("capset", none) != nil else { throw Failure("capset: \(errno)") }
        return Capabilities(words: words)
    }

    private static func callCapabilities(_ function: String, _ words: [UInt32]) -> [UInt32]? {
        typealias Function = @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int32
        var header: [UInt32] = [0x2008_0522, 0]
        var words = words
        return unsafeBitCast(dlsym(nil, function), to: Function.self)(&header, &words) == 0 ? words : nil
    }
}
