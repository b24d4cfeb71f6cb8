import CLab
import CLinux
import Glibc

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
            throw LabError("there is no \(name) in the lab; there are node1 to node\(lab.nodes.count) and client")
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
}
