import ClusterModel
import Glibc
import Journal

/// Where consoles keep what they remember: beside the journal, in files of their own.
enum StatePlace {
    /// The journal that is meant here.
    static var journal: String { Journal.place().path }

    /// The directory of everything that is kept.
    static var directory: String { directory(of: journal) }

    /// The panes as an operator has set them up.
    static var panes: String { directory(of: Journal.standardPath) + "/panes" }

    /// What a cluster's consoles saw happen, beside the journal that its operations are written in.
    static func timeline(of cluster: String, beside journal: String) -> String {
        "\(directory(of: journal))/\(prefix)\(fileName(cluster))\(suffix)"
    }

    private static let prefix = "timeline-"
    private static let suffix = ".csv"

    /// The names of the clusters whose timelines stand in a directory.
    static func clusters(in directory: String) -> [String] {
        Files.names(in: directory).filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
            .map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) }.sorted()
    }

    /// A cluster's name as a part of a file's name.
    static func fileName(_ name: String) -> String {
        let safe = name.unicodeScalars.map { scalar -> Character in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            return isPlain || "-_".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
        }
        return safe.isEmpty ? "cluster" : String(safe.prefix(64))
    }

    /// The directory of a path.
    static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// Makes a directory and those above it for this user alone; false when that cannot be done.
    static func make(_ directory: String) -> Bool {
        if mkdir(directory, 0o700) == 0 || errno == EEXIST { return true }
        guard errno == ENOENT, directory.contains("/"), directory != "/" else { return false }
        return make(self.directory(of: directory)) && (mkdir(directory, 0o700) == 0 || errno == EEXIST)
    }

    /// Opens a regular file of this user, made for it alone when it is missing; nil when that cannot be done.
    static func open(_ path: String, _ flags: Int32) -> Int32? {
        guard make(directory(of: path)) else { return nil }
        let descriptor = Glibc.open(path, flags | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { return nil }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_uid == geteuid() else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}

/// The panes as they were set up when the last console ended.
enum RememberedPanes {
    private static let limit = 4096

    /// What is remembered; nothing when nothing can be read.
    static var text: String {
        guard let size = Files.size(of: StatePlace.panes), size <= limit else { return "" }
        return (try? Files.text(StatePlace.panes, what: "panes")) ?? ""
    }

    /// Remembers; false when that cannot be done.
    static func write(_ text: String) -> Bool {
        guard let descriptor = StatePlace.open(StatePlace.panes, O_WRONLY | O_TRUNC) else { return false }
        defer { close(descriptor) }
        return CommandIO.offer(text, to: descriptor) == 0
    }
}
