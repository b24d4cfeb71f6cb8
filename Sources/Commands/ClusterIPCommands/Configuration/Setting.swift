import Canvas
import Console
import NcursesTerminal

/// Where a setting was said.
enum SettingOrigin: Hashable, CustomStringConvertible {
    /// Nowhere: it is what the program does by itself.
    case builtIn
    /// In a file, at a line.
    case file(String, line: Int)
    /// By a variable of the environment.
    case environment(String)
    /// On the command line.
    case option(String)

    var description: String {
        switch self {
        case .builtIn: "built in"
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let name): "$\(name)"
        case .option(let name): name
        }
    }
}

/// A value, and where it was said.
struct Setting<Value> {
    var value: Value
    var origin: SettingOrigin

    /// What was said first on the command line, then in the file, or else what is built in.
    init(
        _ given: Value?, option: String, _ entry: ConfigurationFile.Entry<Value>?, path: String, builtIn: Value
    ) {
        if let given {
            (value, origin) = (given, .option(option))
        } else if let entry {
            (value, origin) = (entry.value, .file(path, line: entry.line))
        } else {
            (value, origin) = (builtIn, .builtIn)
        }
    }
}

/// How consoles look and behave: options, then the configuration file, then what is built in.
struct ConsoleSetup {
    /// A theme's name or file; nil: the cluster file's, or the built-in one.
    let theme: Setting<String?>
    let color: Setting<TerminalOptions.Color>
    let ascii: Setting<Bool>
    let mouse: Setting<Bool>
    let local: Setting<Bool>
    /// Seconds between two samples of a node.
    let interval: Setting<Double>
    let keys: KeyMap
    /// Where each binding of a key stands.
    let bindings: [ConfigurationFile.Entry<KeyMap.Binding>]
    /// Whether plans may be carried out from the start.
    let lock: Lock
    /// The configuration file's path.
    let path: String
    /// What is wrong in it, a sentence each.
    let problems: [String]

    init(_ options: ConsoleOptions, _ file: ConfigurationFile = .standard()) {
        let path = file.path
        theme = Setting(
            options.theme.map(Optional.some), option: "--theme",
            file.theme.map { .init(value: Optional.some($0.value), line: $0.line) }, path: path, builtIn: nil)
        color = Setting(
            options.noColor ? .never : options.color, option: options.noColor ? "--no-color" : "--color", file.color,
            path: path, builtIn: .auto)
        ascii = Setting(options.ascii, option: "--ascii", file.ascii, path: path, builtIn: false)
        mouse = Setting(
            options.mouse, option: options.mouse == true ? "--mouse" : "--no-mouse", file.mouse, path: path,
            builtIn: true)
        local = Setting(options.local, option: "--local", file.local, path: path, builtIn: false)
        interval = Setting(options.interval, option: "--interval", file.interval, path: path, builtIn: 1)
        var problems = file.problems
        keys = KeyMap(file.keys.map(\.value), problems: &problems)
        bindings = file.keys
        lock = options.operate ? .operate : .locked
        self.path = path
        self.problems = problems
    }

    /// What the terminal is opened with.
    var terminal: TerminalOptions {
        TerminalOptions(color: color.value, ascii: ascii.value, mouse: mouse.value)
    }
}
