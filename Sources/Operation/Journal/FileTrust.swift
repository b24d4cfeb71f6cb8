import ClusterModel
import Glibc

/// Whether files may be trusted: they are this user's, and nobody else can write them or, being files, read them.
///
/// No file is opened for it.
struct FileTrust {
    /// What a path is to be.
    enum Kind {
        case directory, file, link

        fileprivate var type: mode_t {
            switch self {
            case .directory: S_IFDIR
            case .file: S_IFREG
            case .link: S_IFLNK
            }
        }

        fileprivate var word: String {
            switch self {
            case .directory: "directory"
            case .file: "regular file"
            case .link: "symbolic link"
            }
        }

        /// The permissions that others must not have.
        fileprivate var forbidden: mode_t {
            switch self {
            case .directory: 0o022
            case .file: 0o077
            case .link: 0
            }
        }
    }

    /// The journal's path, for sentences.
    let journal: String

    /// Checks what is at a path, if anything is; takes permissions away from others.
    ///
    /// - Throws: one sentence when another user has made it, when it is something else, or when all users share it.
    func check(_ path: String, _ kind: Kind) throws {
        let shown = path.madeSafe(limit: 300)
        var facts = stat()
        guard lstat(path, &facts) == 0 else {
            if errno == ENOENT { return }
            throw JournalError.refusal(journal, "look at \(shown)")
        }
        guard facts.st_mode & S_IFMT == kind.type else {
            let isDirectory = facts.st_mode & S_IFMT == S_IFDIR
            throw unsafe("\(shown) is \(isDirectory ? "a directory" : "no \(kind.word)"): move it away")
        }
        guard facts.st_uid == geteuid() || (facts.st_uid == 0 && kind != .file) else {
            throw unsafe("\(shown) belongs to \(Self.name(facts.st_uid)), not to \(Self.name(geteuid())): move it away")
        }
        guard facts.st_mode & kind.forbidden != 0 else { return }
        guard facts.st_uid == geteuid(), kind == .file || facts.st_mode & S_ISVTX == 0 else {
            throw unsafe("every user may put files into \(shown): keep it elsewhere")
        }
        // On a read-only file system nobody writes; its sentence comes with the first write of ours.
        guard chmod(path, facts.st_mode & 0o7777 & ~kind.forbidden) == 0 || errno == EROFS else {
            throw JournalError.refusal(journal, "keep other users out of \(shown)")
        }
    }

    private func unsafe(_ why: String) -> JournalError {
        JournalError("the journal \(journal.madeSafe(limit: 300)) is not safe: \(why), \(JournalError.elsewhere)")
    }

    private static func name(_ user: uid_t) -> String {
        getpwuid(user).flatMap { $0.pointee.pw_name }.map { String(cString: $0).madeSafe(limit: 64) } ?? "user \(user)"
    }
}
