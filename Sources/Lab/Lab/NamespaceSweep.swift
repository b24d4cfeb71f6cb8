import CLab
import CLinux
import FoundationEssentials
import Glibc

/// Finds and ends the programs that `lab exec` and links have left in a lab's namespaces, which they keep alive.
///
/// It holds the namespaces open from before the lab ends until it is done: their numbers cannot become others' meanwhile.
struct NamespaceSweep: ~Copyable {
    private struct Identity: Hashable {
        let device: dev_t
        let inode: ino_t
    }

    private var descriptors: [Int32] = []
    private var namespaces: Set<Identity> = []

    /// Opens the network namespaces of a lab.
    init(_ lab: LabState?) { self.init(lab, lab.map { $0.nodes + [$0.client] } ?? []) }

    /// Opens the network namespaces of some members of a lab.
    init(_ lab: LabState?, _ members: [LabState.Member]) {
        guard let directory = lab?.directory else { return }
        for member in members {
            let path = LabState.namespaces(of: member.name, in: directory) + "/net"
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            descriptors.append(descriptor)
            var status = stat()
            if fstat(descriptor, &status) == 0 {
                namespaces.insert(Identity(device: status.st_dev, inode: status.st_ino))
            }
        }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    /// Asks every program in the namespaces to end, and kills those that are still there a second later.
    func endPrograms() { endPrograms(signals: [SIGTERM, SIGKILL]) }

    /// Kills every program in the namespaces, also those that enter while it looks.
    func killPrograms() { endPrograms(signals: [SIGKILL, SIGKILL]) }

    private func endPrograms(signals: [Int32]) {
        for signal in signals {
            let programs = remaining()
            for program in programs {
                _ = clab_signal(program, signal)
                var wait = pollfd(fd: program, events: Int16(POLLIN), revents: 0)
                poll(&wait, 1, signal == SIGKILL ? 1000 : 0)
            }
            for _ in 0..<100 where signal == SIGTERM && !programs.allSatisfy(Self.hasEnded) { usleep(10_000) }
            programs.forEach { close($0) }
        }
    }

    private static func hasEnded(_ program: Int32) -> Bool {
        var wait = pollfd(fd: program, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, 0) > 0
    }

    /// A pidfd of every process in the namespaces but this one.
    private func remaining() -> [Int32] {
        guard !namespaces.isEmpty else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { $0 != getpid() && isInside($0) }.compactMap { pid in
            let descriptor = clusterip_pidfd_open(pid)
            // The process may have been replaced by another before the pidfd was there; ask again now that it is held.
            if descriptor >= 0, isInside(pid) { return descriptor }
            if descriptor >= 0 { close(descriptor) }
            return nil
        }
    }

    private func isInside(_ pid: pid_t) -> Bool {
        var status = stat()
        return stat("/proc/\(pid)/ns/net", &status) == 0
            && namespaces.contains(Identity(device: status.st_dev, inode: status.st_ino))
    }
}
