import Glibc
import Reactor
import Responsibility

/// What the bridge asks a node's own kernel over a connection, in its first line.
enum GuestRequest: Codable {
    /// The connection takes a command's standard error, and then its exit status; it says an empty line when it is ready.
    case errors(id: String)
    /// The connection is the command's standard input and output.
    case run(id: String, words: [String])
}

/// Runs a command on a node that has a kernel of its own, as `ssh` would: its streams are those of this process.
struct GuestCommand {
    /// The node's address on the wire by which commands come; each node has such a wire for itself.
    static let address = IPv4Address(10, 7, 0, 1)
    /// This side's.
    static let hostAddress = IPv4Address(10, 7, 0, 254)
    /// The port of commands.
    static let port: UInt16 = 9

    private let data: Int32
    private let errors: Int32
    private var hasInput = true
    private var hasOutput = true
    private var status: Int32?
    private var ending: [UInt8] = []
    private var isEnding = false

    /// The command line that runs a command on the node in whose network namespace it is started.
    static func arguments(_ words: [String]) throws(LabError) -> [String] {
        guard let executable = ProcessFacts.executable() else {
            throw LabError("cannot find this program in /proc/self/exe; is /proc mounted?")
        }
        return [executable, "lab-guest-run", "--"] + words
    }

    /// A connection to the node; nil when it takes none so soon.
    static func connect(milliseconds: Int32) -> Int32? {
        guard let descriptor = try? Socket.make(SOCK_STREAM) else { return nil }
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard Socket.connect(descriptor, to: address, port: port) == 0, poll(&wait, 1, milliseconds) > 0,
            Socket.error(descriptor) == 0
        else {
            close(descriptor)
            return nil
        }
        Socket.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        return descriptor
    }

    /// Runs the command; its exit status is this process's.
    static func run(_ words: [String]) -> Never {
        signal(SIGPIPE, SIG_IGN)
        let id = "\(getpid())-\(Reactor.now)"
        var byte: UInt8 = 0
        guard let errors = connect(milliseconds: 5000) else { refuse() }
        LabJSON.write(GuestRequest.errors(id: id), to: errors)
        guard read(errors, &byte, 1) == 1, let data = connect(milliseconds: 5000) else { refuse() }
        LabJSON.write(GuestRequest.run(id: id, words: words), to: data)
        var command = GuestCommand(data: data, errors: errors)
        while command.status == nil || command.hasOutput { command.turn() }
        exit(command.status ?? 255)
    }

    private init(data: Int32, errors: Int32) {
        self.data = data
        self.errors = errors
    }

    private static func refuse() -> Never {
        StandardStreams.complain("the node's kernel takes no commands")
        exit(255)
    }

    private mutating func turn() {
        var waits = [
            pollfd(fd: hasInput ? 0 : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: hasOutput ? data : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: status == nil ? errors : -1, events: Int16(POLLIN), revents: 0),
        ]
        poll(&waits, 3, -1)
        if waits[0].revents != 0, !Self.copy(from: 0, to: data) {
            hasInput = false
            shutdown(data, Int32(SHUT_WR))
        }
        if waits[1].revents != 0, !Self.copy(from: data, to: 1) { hasOutput = false }
        if waits[2].revents != 0 { readErrors() }
    }

    /// Standard error up to a zero byte, behind which the status stands.
    private mutating func readErrors() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(errors, &buffer, buffer.count)
        guard count > 0 else {
            // The node is gone.
            (status, hasOutput) = (status ?? 255, false)
            return
        }
        let text = buffer[..<count]
        if !isEnding {
            let end = text.firstIndex(of: 0) ?? text.endIndex
            Self.write(Array(text[..<end]), to: 2)
            isEnding = end < text.endIndex
            if isEnding { ending += text[(end + 1)...] }
        } else {
            ending += text
        }
        guard isEnding, ending.last == UInt8(ascii: "\n") else { return }
        status = Int32(String(decoding: ending.dropLast(), as: UTF8.self)) ?? 255
    }

    private static func copy(from source: Int32, to target: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(source, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return true }
        return count > 0 && write(Array(buffer[..<count]), to: target)
    }

    @discardableResult
    private static func write(_ bytes: [UInt8], to target: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(target, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR || errno == EAGAIN else { return false }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var wait = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, 1000)
            }
        }
        return true
    }
}
