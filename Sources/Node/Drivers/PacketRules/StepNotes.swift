import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

/// The marks of operations where a kernel keeps none: a file for each cluster address and network namespace, in memory.
///
/// One lock is held from the reading of a bucket's state to the writing of its mark, so that no two agents of the node
/// change it at once.
package final class StepNotes: StepLedgerKeeping {
    private let directory: String
    private let boot: String
    private static let patience = 50

    /// Notes in a directory that does not outlive the boot.
    package init(directory: String = "/run/clusterip-agent") {
        self.directory = directory
        boot = ProcFile.lines("/proc/sys/kernel/random/boot_id").first.map(String.init) ?? ""
    }

    /// Runs a body while no other agent of the node changes the address.
    package func locked<Value>(
        _ address: IPAddress, _ body: () throws(DriverError) -> Value
    ) throws(DriverError) -> Value {
        if mkdir(directory, 0o700) != 0, errno != EEXIST { throw Self.failure("making \(directory)") }
        let descriptor = open(path(address) + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("opening \(path(address)).lock") }
        defer { close(descriptor) }
        for attempt in 0... {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { break }
            guard errno == EWOULDBLOCK || errno == EINTR, attempt < Self.patience else {
                throw DriverError(.busy, "Another agent on this node is changing \(address); try again.")
            }
            usleep(10_000)
        }
        return try body()
    }

    // MARK: The file

    /// The mark of every bucket that no operation has changed since the boot.
    package func installation(of address: IPAddress) -> String {
        let number = "\(boot) \(address)".utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        return OperationMark.installation(number).text
    }

    /// A mark that no bucket ever had.
    package func newInstallation() -> String { OperationMark.newInstallation() }

    private func path(_ address: IPAddress) -> String {
        var facts = stat()
        let namespace = stat("/proc/thread-self/ns/net", &facts) == 0 ? facts.st_ino : 0
        return "\(directory)/\(namespace)-\(address)"
    }

    /// Lines such as `3 op-1` and `3 op-1 was install-09f3 to owned`, or `rules install-77aa`; others are left out.
    package func ledger(_ address: IPAddress) throws(DriverError) -> StepLedger {
        var ledger = StepLedger()
        let lines = ProcFile.lines(path(address))
        guard lines.first == "boot \(boot)" else { return ledger }
        for line in lines.dropFirst() {
            let words = line.split(separator: " ").map(String.init)
            if words.count == 2, words[0] == "rules" { ledger.installation = words[1] }
            guard words.count == 2 || words.count == 6, let bucket = Int(words[0]) else { continue }
            let pending = words.count == 6 ? StepLedger.Pending(before: words[3], owns: words[5] == "owned") : nil
            ledger.entries[bucket] = StepLedger.Entry(mark: words[1], pending: pending)
        }
        return ledger
    }

    /// Writes the whole file anew and puts it in the place of the old one.
    package func keep(_ ledger: StepLedger, of address: IPAddress) throws(DriverError) {
        let lines = ledger.entries.sorted { $0.key < $1.key }.map { bucket, entry in
            "\(bucket) \(entry.mark)"
                + (entry.pending.map { " was \($0.before) to \($0.owns ? "owned" : "none")" } ?? "")
        }
        let path = path(address)
        let head = ["boot \(boot)"] + (ledger.installation.map { ["rules \($0)"] } ?? [])
        let bytes = Array((head + lines).joined(separator: "\n").utf8) + [0x0a]
        let descriptor = open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("writing \(path)") }
        defer { close(descriptor) }
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count, rename(path + ".new", path) == 0 else { throw Self.failure("writing \(path)") }
    }

    private static func failure(_ action: String) -> DriverError {
        DriverError(
            errno == EACCES || errno == EPERM ? .notPermitted : .kernel,
            "Notes of operations cannot be kept: \(action): \(KernelError.last.text).")
    }
}
