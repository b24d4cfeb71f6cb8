import CLab
import FoundationEssentials
import Glibc

/// Where a user's labs keep their files: one directory, one lock, and below it a directory per supervisor.
///
/// The running lab's supervisor holds a POSIX record lock on `lock`. The kernel drops it when the process ends, however
/// it ends, and tells who holds it; so nothing here depends on process ids that may have been given away again.
struct LabDirectory: Hashable, Sendable {
    /// `$XDG_RUNTIME_DIR/clusterip`, or `/tmp/clusterip-UID` where there is no such directory of this user's.
    let path: String

    /// The directory at a path.
    init(path: String) { self.path = path }

    /// This user's directory.
    init() {
        let user = geteuid()
        if let runtime = getenv("XDG_RUNTIME_DIR").map({ String(cString: $0) }), runtime.hasPrefix("/"),
            Self.owner(of: runtime) == user
        {
            path = runtime + "/clusterip"
        } else {
            path = "/tmp/clusterip-\(user)"
        }
    }

    private var lockPath: String { path + "/lock" }

    private static func owner(of path: String) -> uid_t? {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR ? status.st_uid : nil
    }

    /// The process id of the supervisor of the lab that is up; nil when there is none.
    func supervisor() -> pid_t? {
        guard Self.owner(of: path) == geteuid() else { return nil }
        let file = open(lockPath, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let holder = clab_lock_holder(file)
        return holder > 0 ? holder : nil
    }

    /// What the supervisor of the lab that is up wrote down; nil when there is none or it is still starting.
    func state() -> LabState? {
        guard let supervisor = supervisor() else { return nil }
        return try? LabJSON.decode(LabState.self, from: Self.contents(of: "\(path)/\(supervisor)/lab.json"))
    }

    /// Takes the lock for this process, for as long as it lives.
    ///
    /// - Throws: a sentence when a lab is up, or the directory is not safe to use.
    func lock() throws(LabError) {
        for attempt in 0..<20 {
            if attempt > 0 { usleep(20_000) }
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw LabError("cannot make the directory \(path): \(String(cString: strerror(errno)))")
            }
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
                throw LabError("\(path) must be a directory of this user's with mode 0700; remove it")
            }
            let file = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else { continue }
            // The lab before this one may have removed the file between open and lock: then it locks nobody out.
            var (opened, named) = (stat(), stat())
            if clab_lock(file) == 0, fstat(file, &opened) == 0, stat(lockPath, &named) == 0,
                opened.st_ino == named.st_ino
            {
                return removeMembers()
            }
            close(file)
        }
        throw alreadyUp()
    }

    /// The sentence for a second lab.
    func alreadyUp() -> LabError {
        LabError(
            "a lab is up already (\(state()?.clusterFile ?? path)); end it with `clusterip lab down`, or leave its demo"
        )
    }

    /// Makes this lab's directory, whose name is the supervisor's process id.
    func makeMember(_ supervisor: pid_t) throws(LabError) -> String {
        let directory = "\(path)/\(supervisor)"
        guard mkdir(directory, 0o700) == 0 else {
            throw LabError("cannot make the directory \(directory): \(String(cString: strerror(errno)))")
        }
        return directory
    }

    /// Removes everything; for the process that holds the lock.
    func remove() {
        removeMembers()
        unlink(lockPath)
        rmdir(path)
    }

    /// Removes what a lab left behind that was killed; does nothing while one is up.
    func removeStale() {
        guard Self.owner(of: path) == geteuid() else { return }
        let file = open(lockPath, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        if file < 0 {
            rmdir(path)
            return
        }
        if clab_lock(file) == 0 { remove() }
        close(file)
    }

    private func removeMembers() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where pid_t(name) != nil {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }

    /// Writes a file so that readers see the old or the new text, never a part.
    static func replace(_ path: String, with bytes: [UInt8]) throws(LabError) {
        let temporary = path + ".new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        let written = file < 0 ? -1 : bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        if file >= 0 { close(file) }
        guard written == bytes.count, rename(temporary, path) == 0 else {
            throw LabError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// The bytes of a small file; empty when it cannot be read.
    static func contents(of path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(file, &buffer, buffer.count), count > 0 { result += buffer[..<count] }
        return result
    }
}
