import CLab
import Glibc
import Reactor

/// What a node's and the client's process have in common: a network namespace, and the supervisor at the other end.
struct MemberProcess {
    let name: String
    let number: Int
    let options: LabOptions

    /// Reads the first request and enters a new network namespace.
    ///
    /// - Throws: a sentence when this was not started by a supervisor, or the namespace is refused.
    init() throws(LabError) {
        signal(SIGPIPE, SIG_IGN)
        Tool.extendPath()
        guard case .join(let name, let number, let options) = JSONLine.read(MemberRequest.self, from: 0) else {
            throw LabError("this command is only for `clusterip lab` itself")
        }
        (self.name, self.number, self.options) = (name, number, options)
        guard clab_new_network() == 0, let pid = ProcessFacts.outerPid() else {
            throw LabError("\(name) cannot have a network namespace: \(String(cString: strerror(errno)))")
        }
        raiseDescriptorLimit()
        try setSysctls()
        report(.joined(pid: pid))
    }

    func report(_ event: MemberEvent) { JSONLine.write(event, to: 1) }

    /// Waits for a request.
    func expect(_ expected: MemberRequest) throws(LabError) {
        guard JSONLine.read(MemberRequest.self, from: 0) == expected else {
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
