import Glibc
import Logging

/// Hands each message to the log of the system: with its fields to journald, as a line to syslog where that is missing.
///
/// A message is one datagram that is never waited for. Where there is no log, and where it is full, it is lost.
public struct SystemLog: LogHandler {
    /// The severity from which messages are handed on.
    public var logLevel: Logger.Level = .info
    /// Fields that every message has.
    public var metadata: Logger.Metadata = [:]

    private let program: String
    private let connection: Connection

    /// A handler for a program's messages.
    ///
    /// - Parameters:
    ///   - journal: journald's own socket (systemd.io/JOURNAL_NATIVE_PROTOCOL).
    ///   - syslog: the socket of syslog (RFC 3164, without a host name as on the machine itself).
    public init(
        program: String, journal: String = "/run/systemd/journal/socket", syslog: String = "/dev/log"
    ) {
        self.program = program
        connection = Connection(journal: journal, syslog: syslog)
    }

    /// One of the fields that every message has.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Hands a message on.
    public func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, later in later }
            .map { (key: $0.key, value: Self.plain("\($0.value)")) }.sorted { $0.key < $1.key }
        let (text, severity) = (Self.plain("\(event.message)"), event.level.severity)
        switch connection.form {
        case .journal:
            let lines =
                [
                    ("MESSAGE", text), ("PRIORITY", "\(severity)"), ("SYSLOG_IDENTIFIER", program),
                    ("SYSLOG_PID", "\(getpid())"),
                ] + fields.map { ("CLUSTERIP_" + Self.name($0.key), $0.value) }
            connection.send(lines.map { "\($0.0)=\($0.1)\n" }.joined())
        case .syslog:
            let told = fields.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            // Facility 3: daemons of the system.
            connection.send(
                "<\(3 * 8 + severity)>\(Self.time) \(program)[\(getpid())]: \(text)"
                    + (told.isEmpty ? "" : " (\(told))"))
        case .none: break
        }
    }

    /// A text on one line: what a field or a line of syslog may hold.
    private static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }))
    }

    /// A field's name as journald takes it: capital letters, digits and "_".
    private static func name(_ key: String) -> String {
        String(key.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// "Nov 28 14:02:31", local time.
    private static var time: String {
        var (now, parts) = (Glibc.time(nil), tm())
        localtime_r(&now, &parts)
        var text = [CChar](repeating: 0, count: 32)
        strftime(&text, text.count, "%b %e %H:%M:%S", &parts)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension SystemLog {
    /// A socket that is connected to one of the two logs.
    private final class Connection: Sendable {
        /// How messages are written.
        enum Form { case journal, syslog, none }

        let form: Form
        private let descriptor: Int32

        init(journal: String, syslog: String) {
            descriptor = socket(
                AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
            if Self.connect(descriptor, journal) {
                form = .journal
            } else {
                form = Self.connect(descriptor, syslog) ? .syslog : .none
            }
        }

        deinit { if descriptor >= 0 { close(descriptor) } }

        func send(_ message: String) {
            let bytes = Array(message.utf8)
            _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }

        private static func connect(_ descriptor: Int32, _ path: String) -> Bool {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let name = Array(path.utf8)
            guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                }
            }
        }
    }
}

extension Logger.Level {
    /// The severity as syslog counts it (RFC 5424, 6.2.1).
    fileprivate var severity: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
