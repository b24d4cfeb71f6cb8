import CLab
import Glibc

/// Says why the kernel refuses a user its namespaces, and what would help.
enum NamespaceRefusal {
    /// The end of a sentence: what works all the same.
    static let alternative = "; `clusterip demo --simulated` works without namespaces"

    /// The sentence for a failed start of the supervisor.
    static func explain(stage: clab_stage, code: Int32, hasUserNamespace: Bool) -> LabError {
        let reason = String(cString: strerror(code))
        switch stage {
        case CLAB_CLONE, CLAB_IDENTITY:
            return LabError(
                "the kernel refuses the lab its namespaces (\(reason)): "
                    + cause(code: code, hasUserNamespace: hasUserNamespace) + alternative)
        case CLAB_EXECUTE: return LabError("the lab's supervisor cannot be started: \(reason)")
        default: return LabError("the lab cannot be started: \(reason)")
        }
    }

    /// What stands in the way, as far as it can be known from outside.
    static func cause(code: Int32 = EPERM, hasUserNamespace: Bool) -> String {
        for limit in ["max_net_namespaces", "max_pid_namespaces", "max_user_namespaces"]
        where setting("user/" + limit) == 0 && (hasUserNamespace || limit != "max_user_namespaces") {
            return "sysctl user.\(limit) is 0"
        }
        if code == ENOSPC { return "one of the limits user.max_*_namespaces of sysctl is reached" }
        guard hasUserNamespace else { return "root needs the capabilities CAP_SYS_ADMIN and CAP_NET_ADMIN here" }
        if setting("kernel/unprivileged_userns_clone") == 0 { return "sysctl kernel.unprivileged_userns_clone is 0" }
        if setting("kernel/apparmor_restrict_unprivileged_userns") == 1 {
            return "sysctl kernel.apparmor_restrict_unprivileged_userns is 1"
        }
        return
            "neither CAP_SYS_ADMIN nor unprivileged user namespaces are allowed here (a container's seccomp profile?)"
    }

    private static func setting(_ name: String) -> Int? {
        let text = String(decoding: LabDirectory.contents(of: "/proc/sys/" + name), as: UTF8.self)
        return text.split(separator: "\n").first.flatMap { Int($0) }
    }
}
