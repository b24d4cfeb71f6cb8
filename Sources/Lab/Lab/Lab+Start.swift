import CLab
import Glibc

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
        JSONLine.write(request, to: requests.writing)
        let answer = JSONLine.read(SupervisorAnswer.self, from: answers.reading)
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
