import CLab
import CLinux
import Glibc
import Reactor

/// Process 1 of a node's own kernel: it brings up the node's interfaces and runs what the bridge asks for.
final class GuestProcess {
    /// A command that runs.
    private struct Running {
        var pid: pid_t
        var errors: Int32
        /// A descriptor that becomes readable when it has ended.
        var end: Int32
        var tokens: [Reactor.Token] = []
    }

    /// What a kernel with ipt_CLUSTERIP needs; more is loaded as it is asked for.
    private static let modules = ["nf_conntrack", "iptable_filter", "ipt_CLUSTERIP", "nf_conntrack_netlink"]

    private let reactor: Reactor
    private let listener: Int32
    private var errors: [String: Int32] = [:]
    private var running: [Running] = []

    /// Is process 1, to the end of the kernel.
    static func run() -> Never {
        signal(SIGPIPE, SIG_IGN)
        setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1)
        mountAll()
        do {
            try setUp()
            let guest = try GuestProcess()
            guest.reactor.run()
        } catch {
            StandardStreams.complain("\(error)")
        }
        exit(1)
    }

    private init() throws(SystemError) {
        reactor = try Reactor()
        listener = try Socket.make(SOCK_STREAM)
        Socket.set(listener, SOL_SOCKET, SO_REUSEADDR)
        try Socket.bind(listener, to: GuestCommand.address, port: GuestCommand.port)
        guard listen(listener, 64) == 0 else { throw SystemError("listen for commands") }
        try reactor.watch(listener) { [unowned self] _ in accept() }
        // Orphans come to process 1 without a word.
        reactor.after(1, repeating: true) { [unowned self] in collect() }
    }

    // MARK: The machine

    private static func mountAll() {
        for (type, place) in [("sysfs", "/sys"), ("tmpfs", "/run"), ("tmpfs", "/root")] {
            mount(type, place, type, 0, nil)
        }
    }

    private static func setUp() throws(LabError) {
        func value(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
        let (name, modprobe) = (value("NODE"), value("MODPROBE"))
        sethostname(name, name.utf8.count)
        try Tool.run([modprobe, "-a"] + modules, input: "", origin: "it belongs to the lab")
        write(modprobe, to: "/proc/sys/kernel/modprobe")
        // A small machine would have room for a thousand connections.
        write("65536", to: "/proc/sys/net/netfilter/nf_conntrack_max")
        write("1", to: "/proc/sys/net/ipv6/conf/all/disable_ipv6")
        let own = LabNetwork.nodeAddress(Int(value("NUMBER")) ?? 0)
        try Tool.ip([
            "link set lo up", "link set vec0 name \(LabNetwork.interface)",
            "address add \(own)/\(LabNetwork.prefixLength) brd + dev \(LabNetwork.interface)",
            "link set \(LabNetwork.interface) up", "link set vec1 name commands",
            "address add \(GuestCommand.address)/24 dev commands", "link set commands up",
            "route add \(LabNetwork.clientNetwork)/16 via \(LabNetwork.clientAddress)",
        ])
        for name in ["all", "default", LabNetwork.interface] {
            write("0", to: "/proc/sys/net/ipv4/conf/\(name)/rp_filter")
        }
    }

    private static func write(_ text: String, to path: String) {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = Glibc.write(file, text, text.utf8.count)
        close(file)
    }

    // MARK: Commands

    private func accept() {
        let connection = clab_accept(listener)
        guard connection >= 0 else { return }
        Socket.set(connection, Int32(IPPROTO_TCP), TCP_NODELAY)
        var token: Reactor.Token?
        token = try? reactor.watch(connection) { [unowned self] _ in
            // What stands behind the first line is the command's.
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let seen = recv(connection, &buffer, buffer.count, Int32(MSG_PEEK))
            if seen < 0, errno == EAGAIN || errno == EINTR { return }
            guard seen > 0, let end = buffer[..<seen].firstIndex(of: UInt8(ascii: "\n")) else {
                guard seen <= 0 || seen == buffer.count else { return }
                token.map(reactor.cancel)
                close(connection)
                return
            }
            token.map(reactor.cancel)
            recv(connection, &buffer, end + 1, 0)
            take(try? LabJSON.decode(GuestRequest.self, from: buffer[..<end]), connection)
        }
    }

    private func take(_ request: GuestRequest?, _ connection: Int32) {
        _ = fcntl(connection, F_SETFL, fcntl(connection, F_GETFL) & ~O_NONBLOCK)
        switch request {
        case .errors(let id):
            errors[id] = connection
            send(connection, "\n", 1, Int32(MSG_NOSIGNAL))
        case .run(let id, let words):
            if let errors = errors.removeValue(forKey: id) { start(words, connection, errors) }
            close(connection)
        case nil: close(connection)
        }
    }

    private func start(_ words: [String], _ data: Int32, _ errors: Int32) {
        var arguments = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        let pid = words.isEmpty ? -1 : clusterip_spawn(&arguments, [data, data, errors], 0)
        guard pid > 0 else {
            let reason = "cannot start \(words.first ?? "nothing"): \(String(cString: strerror(errno)))\n\u{0}127\n"
            send(errors, reason, reason.utf8.count, Int32(MSG_NOSIGNAL))
            close(errors)
            return
        }
        var command = Running(pid: pid, errors: errors, end: clusterip_pidfd_open(pid))
        let handlers: [(Int32, () -> Void)] = [
            (command.end, { [unowned self] in collect() }),
            // Who started it has gone: it ends, as a program does that loses its terminal.
            (errors, { [unowned self] in hangUp(pid) }),
        ]
        for (descriptor, handle) in handlers {
            if let token = try? reactor.watch(descriptor, handler: { _ in handle() }) { command.tokens.append(token) }
        }
        running.append(command)
    }

    private func hangUp(_ pid: pid_t) {
        guard let index = running.firstIndex(where: { $0.pid == pid }), let token = running[index].tokens.popLast()
        else {
            return
        }
        reactor.cancel(token)
        kill(-pid, SIGKILL)
    }

    /// Takes every process that has ended, and tells the status of those that were asked for.
    private func collect() {
        var status: Int32 = 0
        while case let pid = waitpid(-1, &status, WNOHANG), pid > 0 {
            guard let index = running.firstIndex(where: { $0.pid == pid }) else { continue }
            let ended = running.remove(at: index)
            ended.tokens.forEach(reactor.cancel)
            close(ended.end)
            let signal = status & 0x7f
            let text = "\u{0}\(signal == 0 ? status >> 8 & 0xff : 128 + signal)\n"
            send(ended.errors, text, text.utf8.count, Int32(MSG_NOSIGNAL))
            close(ended.errors)
        }
    }
}
