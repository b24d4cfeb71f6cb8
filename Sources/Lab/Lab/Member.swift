import CLab
import ClusterModel
import Glibc
import Reactor
import Responsibility

/// A node or the client, as its supervisor sees it.
final class Member {
    let name: String
    let number: Int
    /// Whether it is a node with a kernel of its own, which has the node's MAC behind the cable.
    let hasGuest: Bool
    /// The process as numbered from outside the lab, once it has said so.
    var outerPid: pid_t = 0
    /// Whether it has done what was last asked of it.
    var isDone = false
    /// A node's counters.
    var service = ServiceStatistics()
    /// How a node's service is.
    var serviceState = ServiceState.dead
    /// Who waits until the node has done what was last asked of it, when the lab is up.
    var answer: ((LabError?) -> Void)?
    var onEvent: (MemberEvent) -> Void = { _ in }
    var onEnd: () -> Void = {}
    private(set) var isAlive = true

    private let process: ChildProcess
    private let reactor: Reactor
    private var token: Reactor.Token?
    private var lines = LineBuffer(limit: 1 << 20)
    /// Its network namespace, held for those who enter it; -1 when it has none.
    private var namespace: Int32 = -1

    /// Starts the process; number 0 is the client.
    init(name: String, number: Int, hasGuest: Bool, reactor: Reactor) throws(SystemError) {
        self.name = name
        self.hasGuest = hasGuest
        self.number = number
        self.reactor = reactor
        let command = number == 0 ? ["lab-client"] : ["lab-node", name]
        process = try ChildProcess(
            arguments: [ProcessFacts.executable() ?? "/proc/self/exe"] + command, errorOutput: .inherited)
        token = try reactor.watch(process.output) { [unowned self] _ in
            if !receive() { onEnd() }
        }
    }

    /// Tells who waits for it what came of the last order.
    func answered(_ error: LabError?) {
        let answer = answer
        self.answer = nil
        answer?(error)
    }

    /// Ends the process, if it has not ended by itself, and lets its network namespace go.
    func end() {
        token.map(reactor.cancel)
        token = nil
        process.end()
        isAlive = false
        serviceState = .dead
        service = ServiceStatistics()
        if namespace >= 0 { close(namespace) }
        namespace = -1
    }

    /// Holds the network namespace of its process, and gives it a name below a lab's directory.
    ///
    /// - Parameter supervisor: this process, as those who enter number it.
    func publish(in directory: String, supervisor: pid_t) throws(LabError) {
        namespace = open("/proc/\(outerPid)/ns/net", O_RDONLY | O_CLOEXEC)
        let path = LabState.namespaces(of: name, in: directory)
        mkdir(String(path.dropLast(3)), 0o700)
        mkdir(path, 0o700)
        guard namespace >= 0, symlink("/proc/\(supervisor)/fd/\(namespace)", path + "/net") == 0,
            symlink("/proc/\(supervisor)/ns/user", path + "/user") == 0 || errno == EEXIST
        else {
            throw LabError("\(name)'s network namespace cannot be named: \(String(cString: strerror(errno)))")
        }
    }

    /// Takes the name of the network namespace away, so that nobody enters it any more.
    func withdraw(from directory: String) { unlink(LabState.namespaces(of: name, in: directory) + "/net") }

    /// The process as numbered in the lab.
    var pid: pid_t { process.pid }

    /// Its own address on `eth0`.
    var address: IPv4Address { number == 0 ? LabNetwork.clientAddress : LabNetwork.nodeAddress(number) }

    /// The MAC at its end of the cable.
    var cableMAC: MACAddress {
        LabNetwork.mac(of: hasGuest ? IPv4Address(10, 7, 1, UInt8(clamping: number)) : address)
    }

    func send(_ message: MemberRequest) { LabJSON.write(message, to: process.input) }

    /// Takes what has arrived; false at the end.
    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(process.output, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
        lines.append(buffer[..<count])
        while let line = lines.next() {
            if let event = try? LabJSON.decode(MemberEvent.self, from: line) { onEvent(event) }
        }
        return true
    }
}

/// What the supervisor sends a node or the client, one JSON value per line on its standard input.
enum MemberRequest: Codable, Hashable, Sendable {
    /// Its name and number (0 is the client), and the lab; the first line.
    ///
    /// A node that boots into a lab that is up becomes a member that owns nothing.
    /// A node keeps what it needs below the lab's directory.
    case join(name: String, number: Int, options: LabOptions, isBoot: Bool, directory: String)
    /// Its `eth0` is there: set up addresses, membership and services.
    case configure
    /// All nodes are ready: the client checks that it reaches them and begins.
    case start
    /// Something happens to the node's service.
    case service(ServiceAction)
}

/// What a node or the client tells the supervisor, one JSON value per line on its standard output.
enum MemberEvent: Codable, Hashable, Sendable {
    /// It has its own network namespace; `pid` is its process id as seen from outside the lab.
    case joined(pid: Int32)
    /// `configure` or `start` is done.
    case ready
    /// It cannot go on.
    case failed(String)
    /// A node's counters.
    case service(ServiceStatistics)
    /// How a node's service is, when that has changed.
    case serviceState(ServiceState)
    /// The client's counters.
    case traffic(TrafficStatistics)
}

/// What `Lab.start` sends the supervisor as one JSON line on its standard input.
struct SupervisorRequest: Codable, Hashable, Sendable {
    var options: LabOptions
    /// Where the lab's directory is made.
    var base: String
    /// Whether the end of the standard input ends the lab.
    var isBound: Bool
    var hasUserNamespace: Bool
}

/// What the supervisor answers, once.
enum SupervisorAnswer: Codable, Hashable, Sendable {
    case ready(LabState)
    case failed(String)
}

/// What a node's and the client's process have in common: a network namespace, and the supervisor at the other end.
struct MemberProcess {
    let name: String
    let number: Int
    let options: LabOptions
    /// Whether a node joins a lab that is up.
    let isBoot: Bool
    /// The lab's directory.
    let directory: String

    /// Reads the first request and enters a new network namespace.
    ///
    /// - Throws: a sentence when this was not started by a supervisor, or the namespace is refused.
    init() throws(LabError) {
        signal(SIGPIPE, SIG_IGN)
        Tool.extendPath()
        guard
            case .join(let name, let number, let options, let isBoot, let directory) = LabJSON.read(
                MemberRequest.self, from: 0)
        else {
            throw LabError("this command is only for `clusterip lab` itself")
        }
        (self.name, self.number, self.options, self.isBoot) = (name, number, options, isBoot)
        self.directory = directory
        guard clab_new_network() == 0, let pid = ProcessFacts.outerPid() else {
            throw LabError("\(name) cannot have a network namespace: \(String(cString: strerror(errno)))")
        }
        raiseDescriptorLimit()
        try setSysctls()
        report(.joined(pid: pid))
    }

    func report(_ event: MemberEvent) { LabJSON.write(event, to: 1) }

    /// Waits for a request.
    func expect(_ expected: MemberRequest) throws(LabError) {
        guard LabJSON.read(MemberRequest.self, from: 0) == expected else {
            throw LabError("\(name) did not finish starting")
        }
    }

    /// Runs `ip` once with these lines, and those that both kinds need.
    func configureLinks(_ lines: [String]) throws(LabError) {
        let all = ["link set lo up", "link set \(LabNetwork.interface) up"] + lines
        try Tool.ip(all)
    }

    /// Ends this process when the supervisor's end of the pipe closes; the kernel would do it as well.
    func endWithSupervisor(_ reactor: Reactor) throws(SystemError) {
        try reactor.watch(0) { _ in exit(0) }
    }

    /// Settings for interfaces that are still to come: the cluster's packets have sources that no route names.
    private func setSysctls() throws(LabError) {
        for (name, value) in [
            ("ipv4/conf/all/rp_filter", "0"), ("ipv4/conf/default/rp_filter", "0"),
            ("ipv4/conf/default/accept_local", "0"), ("ipv4/conf/default/arp_announce", number == 0 ? "2" : "0"),
        ] {
            let path = "/proc/sys/net/" + name
            let file = open(path, O_WRONLY | O_CLOEXEC)
            let written = file < 0 ? -1 : write(file, value, 1)
            let reason = String(cString: strerror(errno))
            if file >= 0 { close(file) }
            // A container's /proc/sys may be read-only; that does no harm where the value is right already.
            guard written == 1 || LabDirectory.contents(of: path).first == value.utf8.first else {
                throw LabError("\(self.name) cannot set \(path) to \(value): \(reason)")
            }
        }
        // Silence: IPv6 would send multicast listener reports over the bridge.
        let file = open("/proc/sys/net/ipv6/conf/default/disable_ipv6", O_WRONLY | O_CLOEXEC)
        if file >= 0 {
            write(file, "1", 1)
            close(file)
        }
    }

    private func raiseDescriptorLimit() {
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
    }
}
