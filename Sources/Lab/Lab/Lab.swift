import CLab
import CLinux
import ClusterModel
import Glibc

/// A whole cluster in network namespaces on this machine.
public final class Lab {
    /// What the supervisor wrote down when every node was ready.
    public let state: LabState
    private let directory: LabDirectory
    private var lifeline: Int32

    init(state: LabState, directory: LabDirectory, lifeline: Int32) {
        self.state = state
        self.directory = directory
        self.lifeline = lifeline
    }

    deinit { end() }

    /// Ends a bound lab and returns when all of it is gone; a lab that is not bound stays.
    public func end() {
        guard lifeline >= 0 else { return }
        let sweep = NamespaceSweep(state)
        close(lifeline)
        lifeline = -1
        Self.awaitEnd(of: state.supervisor, signals: [SIGTERM, SIGKILL])
        sweep.endPrograms()
        directory.removeStale()
    }

    /// Waits for the end of a process, 5 seconds before each of the signals, and collects it if it is a child.
    static func awaitEnd(of supervisor: pid_t, signals: [Int32]) {
        let process = clusterip_pidfd_open(supervisor)
        for signal in process < 0 ? [] : signals {
            var wait = pollfd(fd: process, events: Int16(POLLIN), revents: 0)
            if poll(&wait, 1, 5000) > 0 { break }
            _ = clab_signal(process, signal)
        }
        if process >= 0 { close(process) }
        waitpid(supervisor, nil, 0)
    }
}

extension Lab {
    /// Starts a lab and returns when every node answers.
    ///
    /// - Parameters:
    ///   - isBound: the lab ends with this object or this process, whichever ends first, however it ends; otherwise it
    ///     stays until `Lab.down`.
    ///   - executable: a `clusterip` that knows the hidden command `lab-supervisor`; this program by default.
    /// - Throws: one sentence; nothing is left behind then.
    public static func start(
        _ options: LabOptions, isBound: Bool, executable: String? = nil
    ) throws(LabError) -> Lab {
        try start(options, isBound: isBound, executable: executable, directory: LabDirectory())
    }

    static func start(
        _ options: LabOptions, isBound: Bool, executable: String?, directory: LabDirectory
    ) throws(LabError) -> Lab {
        try options.validate()
        try KernelRelease.require(options.kernels)
        guard directory.supervisor() == nil else { throw directory.alreadyUp() }
        guard let executable = executable ?? ProcessFacts.executable() else {
            throw LabError("cannot find this program in /proc/self/exe; is /proc mounted?")
        }
        var requests = try Pipe()
        var answers = try Pipe()
        let supervisor = try spawn(executable, input: requests.reading, output: answers.writing)
        answers.closeWriting()
        let request = SupervisorRequest(
            options: options, base: directory.path, isBound: isBound, hasUserNamespace: supervisor.hasUserNamespace)
        LabJSON.write(request, to: requests.writing)
        let answer = LabJSON.read(SupervisorAnswer.self, from: answers.reading)
        guard case .ready(let state) = answer else {
            requests.closeWriting()
            awaitEnd(of: supervisor.pid, signals: [SIGKILL])
            directory.removeStale()
            if case .failed(let sentence) = answer { throw LabError(sentence) }
            throw LabError("the lab's supervisor ended before the lab was up")
        }
        return Lab(state: state, directory: directory, lifeline: isBound ? requests.takeWriting() : -1)
    }

    /// Starts the supervisor: as it is when this is root, else in a user namespace.
    private static func spawn(
        _ executable: String, input: Int32, output: Int32
    ) throws(LabError) -> (pid: pid_t, hasUserNamespace: Bool) {
        var arguments = [strdup(executable), strdup("lab-supervisor"), nil]
        defer { arguments.forEach { free($0) } }
        var stage = CLAB_PREPARE
        for hasUserNamespace in geteuid() == 0 ? [false, true] : [true] {
            let pid = clab_start(executable, &arguments, hasUserNamespace ? 1 : 0, input, output, &stage)
            if pid > 0 { return (pid, hasUserNamespace) }
            // Root without the capability, as in many containers, may still have user namespaces.
            guard errno == EPERM, stage == CLAB_CLONE, !hasUserNamespace else {
                throw NamespaceRefusal.explain(stage: stage, code: errno, hasUserNamespace: hasUserNamespace)
            }
        }
        throw LabError("the lab cannot be started")
    }
}

extension Lab {
    /// The lab of this user that is up.
    ///
    /// What a killed lab left behind is removed on the way.
    public static func find() -> LabState? {
        let directory = LabDirectory()
        guard directory.supervisor() != nil else {
            directory.removeStale()
            return nil
        }
        return directory.state()
    }

    /// Ends the lab of this user, if there is one, and returns when all of it is gone.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    public static func down() throws(LabError) -> Bool {
        let directory = LabDirectory()
        guard let supervisor = directory.supervisor() else {
            directory.removeStale()
            return false
        }
        let sweep = NamespaceSweep(directory.state())
        let process = clusterip_pidfd_open(supervisor)
        defer { if process >= 0 { close(process) } }
        // The process id may have been given away between the two calls; the lock tells.
        if process >= 0, directory.supervisor() == supervisor {
            for signal in [SIGTERM, SIGKILL] {
                _ = clab_signal(process, signal)
                var wait = pollfd(fd: process, events: Int16(POLLIN), revents: 0)
                if poll(&wait, 1, 5000) > 0 { break }
            }
        }
        sweep.endPrograms()
        directory.removeStale()
        guard directory.supervisor() != supervisor else {
            throw LabError("the lab's supervisor, process \(supervisor), does not end")
        }
        return true
    }

    /// Replaces this process by a program in the namespace of a node or the client.
    ///
    /// - Throws: a sentence when there is no such lab, node or program; otherwise it does not return.
    public static func exec(_ name: String, _ command: [String]) throws(LabError) -> Never {
        guard let lab = find() else { throw LabError.noLab }
        guard let member = lab.member(named: name) else {
            throw LabError.noSuchNode(name, nodes: lab.nodes.count, others: " and client")
        }
        guard !command.isEmpty else { throw LabError("lab exec needs a command after `--`") }
        Tool.extendPath()
        let words = lab.enterArguments(member) + command
        var arguments = words.map { strdup($0) } + [nil]
        execvp(words[0], &arguments)
        throw LabError("cannot start nsenter (\(String(cString: strerror(errno)))); it is in the package util-linux")
    }
}

extension LabError {
    /// No lab is up.
    public static let noLab = LabError("no lab is up; start one with `clusterip lab up`")

    /// The lab has no node of a name.
    static func noSuchNode(_ name: String, nodes: Int, others: String = "") -> Self {
        LabError("there is no \(name.madeSafe(limit: 60)) in the lab; there are node1 to node\(nodes)\(others)")
    }
}

/// Why a lab command did not work: one sentence that names the value and what would be right, to follow "clusterip: ".
public struct LabError: Error, Hashable, CustomStringConvertible {
    /// The sentence, without capital, full stop or newline.
    public var description: String

    /// An error with this sentence.
    public init(_ description: String) { self.description = description }
}
