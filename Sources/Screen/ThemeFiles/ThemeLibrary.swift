import Canvas
import Glibc
import SystemPackage

/// Finds and loads themes: a path, a name in one of the directories, else the built-in default.
public struct ThemeLibrary: Sendable {
    /// A theme, where it came from and what was odd in its file.
    public struct Loaded: Equatable, Sendable {
        /// The theme.
        public var theme: Theme
        /// The file's path, nil for the built-in theme.
        public var origin: String?
        /// Unknown keys and bad values, by file and line.
        public var warnings: [ThemeWarning]
    }

    /// Where themes are looked for, the first one that has a name wins.
    public var directories: [String]

    /// Makes a library over directories.
    public init(directories: [String]) { self.directories = directories }

    /// The usual directories: `$XDG_CONFIG_HOME/clusterip/themes` (or `~/.config/…`), `Themes` and
    /// `../share/clusterip/themes` beside the executable or above it, `/usr/share/clusterip/themes`.
    public static func standard(configHome: String?, home: String?, executable: String?) -> ThemeLibrary {
        var directories: [String] = []
        if let configHome, configHome.first == "/" {
            directories.append(configHome + "/clusterip/themes")
        } else if let home, !home.isEmpty {
            directories.append(home + "/.config/clusterip/themes")
        }
        if let executable, let slash = executable.lastIndex(of: "/") {
            var place = executable[..<slash]
            directories.append(place + "/../share/clusterip/themes")
            for _ in 0..<4 {
                directories.append(place + "/Themes")
                guard let slash = place.lastIndex(of: "/") else { break }
                place = place[..<slash]
            }
        }
        directories.append("/usr/share/clusterip/themes")
        return ThemeLibrary(directories: directories)
    }

    /// The usual directories of this process.
    public static func standard() -> ThemeLibrary {
        let path = realpath("/proc/self/exe", nil)
        defer { free(path) }
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        return standard(
            configHome: variable("XDG_CONFIG_HOME"), home: variable("HOME"),
            executable: path.map { String(cString: $0) })
    }

    /// The names of all themes that can be loaded, sorted.
    public var names: [String] {
        var names: Set = [Theme.builtIn.name]
        for directory in directories {
            for file in ThemeFile.list(directory) where file.hasSuffix(".yaml") {
                names.insert(String(file.dropLast(5)))
            }
        }
        return names.sorted()
    }

    /// Loads a theme by name or, with a `/` in it or ending in `.yaml`, by path.
    ///
    /// Without a name it is the built-in default, for which no file is opened. Throws `ThemeError`.
    public func load(_ name: String? = nil) throws -> Loaded {
        guard let name, name != "default" else { return Loaded(theme: .builtIn, origin: nil, warnings: []) }
        guard let found = try document(name, heirs: []) else {
            guard name == Theme.builtIn.name else { throw ThemeError.notFound(name: safeText(name), known: names) }
            return Loaded(theme: .builtIn, origin: nil, warnings: [])
        }
        var builder = ThemeBuilder(found.document)
        let theme = builder.theme(base: found.isBuiltInBelow ? .builtIn : nil)
        return Loaded(theme: theme, origin: found.path, warnings: builder.warnings)
    }

    private struct Found {
        var document: ThemeDocument
        var path: String
        var isBuiltInBelow = false
    }

    /// The document with its parents merged in; nil when there is no such file.
    private func document(_ name: String, heirs: [String]) throws -> Found? {
        guard let path = path(of: name) else { return nil }
        guard !heirs.contains(path) else { throw ThemeError.circle((heirs + [path]).map(safeText)) }
        let text = try ThemeFile.read(path)
        var found = Found(document: try ThemeDocument(text, name: stem(path), file: safeText(path)), path: path)
        guard let parent = found.document.inherits else { return found }
        if parent != "default", let above = try document(parent, heirs: heirs + [path]) {
            found.document.inherit(above.document)
            found.isBuiltInBelow = above.isBuiltInBelow
        } else if parent == "default" || parent == Theme.builtIn.name {
            found.isBuiltInBelow = true
        } else {
            throw ThemeError.notFound(name: safeText(parent), known: names)
        }
        return found
    }

    private func path(of name: String) -> String? {
        if name.contains("/") || name.hasSuffix(".yaml") { return name }
        return directories.lazy.map { "\($0)/\(name).yaml" }.first { access($0, F_OK) == 0 }
    }

    private func stem(_ path: String) -> String {
        let file = path.split(separator: "/").last ?? ""
        return safeText(String(file.hasSuffix(".yaml") ? file.dropLast(5) : file))
    }
}

/// Reads theme files and directories.
enum ThemeFile {
    /// Bytes a theme file may have.
    static let limit = 262_144

    /// The text of a file; throws `ThemeError.unreadable`.
    static func read(_ path: String) throws -> String {
        var bytes: [UInt8] = []
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
            defer { try? file.close() }
            var part = [UInt8](repeating: 0, count: 16_384)
            while case let count = try part.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                bytes += part[..<count]
                guard bytes.count <= limit else { break }
            }
        } catch { throw failure(path, error) }
        guard bytes.count <= limit else {
            throw ThemeError.unreadable(path: safeText(path), reason: "it has more than \(limit) bytes")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The names in a directory; none when it cannot be read.
    static func list(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    private static func failure(_ path: String, _ error: any Error) -> ThemeError {
        .unreadable(path: safeText(path), reason: (error as? Errno)?.description ?? "it cannot be read")
    }
}

/// Why a theme cannot be used at all; its description is a sentence for the user.
public enum ThemeError: Error, Equatable, CustomStringConvertible {
    /// No directory has it.
    case notFound(name: String, known: [String])
    /// It cannot be read, with the system's reason.
    case unreadable(path: String, reason: String)
    /// It is no YAML.
    case syntax(file: String, line: Int, problem: String)
    /// It is YAML, but no mapping.
    case notATheme(file: String)
    /// Themes inherit each other in a circle.
    case circle([String])

    /// One sentence that names the value and what would be right.
    public var description: String {
        switch self {
        case .notFound(let name, let known):
            "there is no theme \(name); there are \(known.joined(separator: ", ")), and --theme takes a path too"
        case .unreadable(let path, let reason): "the theme file \(path) cannot be read: \(reason)"
        case .syntax(let file, let line, let problem): "\(file):\(line): the theme is not valid YAML: \(problem)"
        case .notATheme(let file): "\(file): a theme is a mapping with the keys palette and styles"
        case .circle(let names): "the themes inherit each other in a circle: \(names.joined(separator: " → "))"
        }
    }
}

/// Something in a theme file that was left out; the rest of the file counts.
public struct ThemeWarning: Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// What is wrong and what would be right.
    public var message: String

    /// `file:line: message`.
    public var description: String { "\(file):\(line): \(message)" }
}
