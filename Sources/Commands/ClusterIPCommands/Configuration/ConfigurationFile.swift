import Canvas
import ClusterModel
import Console
import NcursesTerminal
import PlainYAML
import Yams

/// What an operator has written into the configuration file: how consoles look, and which keys do what.
///
///     theme: solarized-dark
///     mouse: false
///     local: true
///     keys:
///       refresh: [F5, r]
///       takeover: none
///
/// What cannot be read is a problem with its line, and the rest is used: a console must start.
struct ConfigurationFile {
    /// A value and the line that it stands in.
    struct Entry<Value> {
        var value: Value
        var line: Int
    }

    /// Where the file is, whether or not there is one.
    let path: String
    private(set) var theme: Entry<String>?
    private(set) var color: Entry<TerminalOptions.Color>?
    private(set) var ascii: Entry<Bool>?
    private(set) var mouse: Entry<Bool>?
    private(set) var local: Entry<Bool>?
    private(set) var interval: Entry<Double>?
    private(set) var keys: [Entry<KeyMap.Binding>] = []
    /// What is wrong in it, each with its line.
    private(set) var problems: [String] = []

    /// The names of the settings, as sentences list them.
    private static let names = "theme, color, ascii, mouse, local, interval and keys"

    /// Where the file is: `$XDG_CONFIG_HOME/clusterip/config.yaml`, by default below `~/.config`.
    static var standardPath: String {
        let home = Files.environment("XDG_CONFIG_HOME") ?? (Files.environment("HOME") ?? "") + "/.config"
        return home + "/clusterip/config.yaml"
    }

    /// Reads the usual file; no file is no settings.
    static func standard() -> ConfigurationFile {
        let path = standardPath
        guard Files.size(of: path) != nil else { return ConfigurationFile("", path: path) }
        do throws(CommandError) {
            return ConfigurationFile(try Files.text(path, what: "configuration"), path: path)
        } catch {
            var file = ConfigurationFile("", path: path)
            file.problems = [error.description]
            return file
        }
    }

    /// Reads YAML text.
    init(_ text: String, path: String) {
        self.path = path
        let root: Yams.Node?
        do { root = try PlainYAML.compose(text) } catch {
            problems = ["\(path): this is not YAML: \(error)".madeSafe(limit: 300)]
            return
        }
        guard let root else { return }
        guard let mapping = root.mapping else {
            problems = ["\(path): a configuration has the keys \(Self.names)"]
            return
        }
        for (key, value) in mapping { take(key.string ?? "", value, line: key.mark?.line ?? 1) }
    }

    private mutating func take(_ name: String, _ node: Yams.Node, line: Int) {
        switch name {
        case "theme": theme = entry(node.string, line, "theme must be a theme's name or its file")
        case "color":
            let words = TerminalOptions.Color.allCases.map(\.rawValue).joined(separator: ", ")
            color = entry(node.string.flatMap { TerminalOptions.Color(rawValue: $0) }, line, "color must be \(words)")
        case "ascii": ascii = entry(node.bool, line, "ascii must be true or false")
        case "mouse": mouse = entry(node.bool, line, "mouse must be true or false")
        case "local": local = entry(node.bool, line, "local must be true or false")
        case "interval":
            let seconds = node.float.flatMap { (0.2...60).contains($0) ? $0 : nil }
            interval = entry(seconds, line, "interval must be 0.2 to 60 seconds")
        case "keys": takeKeys(node, line)
        default: complain(line, "unknown setting \(name.madeSafe(limit: 40)); known are \(Self.names)")
        }
    }

    private mutating func takeKeys(_ node: Yams.Node, _ line: Int) {
        guard let mapping = node.mapping else {
            return complain(line, "keys must be commands, each with a key, a list of keys, or none")
        }
        for (name, value) in mapping {
            let line = name.mark?.line ?? line
            let command = (name.string ?? "").madeSafe(limit: 40)
            let labels = value.sequence.map { $0.compactMap(\.string) } ?? [value.string ?? ""]
            var keys: [Key] = []
            for label in labels where label != "none" {
                if let key = Key(label: label) {
                    keys.append(key)
                } else {
                    complain(
                        line,
                        "keys: \(command): \"\(label.madeSafe(limit: 40))\" is no key, such as q, F5, Ctrl-R or none")
                }
            }
            if !keys.isEmpty || labels == ["none"] {
                self.keys.append(Entry(value: KeyMap.Binding(command: command, keys: keys), line: line))
            }
        }
    }

    private mutating func entry<Value>(_ value: Value?, _ line: Int, _ problem: String) -> Entry<Value>? {
        guard let value else {
            complain(line, problem)
            return nil
        }
        return Entry(value: value, line: line)
    }

    private mutating func complain(_ line: Int, _ problem: String) { problems.append("\(path):\(line): \(problem)") }
}
