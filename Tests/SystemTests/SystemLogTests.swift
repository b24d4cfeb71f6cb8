import Glibc
import Logging
import SystemLog
import TestSupport
import Testing

@Suite("Messages in the log of the system")
struct SystemLogTests {
    /// A socket of a log, and what comes in on it.
    private final class Listener {
        let path: String
        private let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)

        init(_ path: String) throws {
            self.path = path
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            try #require(result == 0)
        }

        deinit { close(descriptor) }

        /// The next message; empty when there is none.
        func next() -> String {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        }
    }

    private func logger(_ journal: String, _ syslog: String) -> Logger {
        Logger(label: "test") { _ in SystemLog(program: "clusterip-agent", journal: journal, syslog: syslog) }
    }

    @Test("journald gets fields, one line each, whatever is in them")
    func journal() throws {
        try TemporaryDirectory.with("log") { directory in
            let listener = try Listener(directory + "/journal")
            var logger = logger(listener.path, "/none")
            logger[metadataKey: "user"] = "anna"
            logger.notice("1-3: owned\nPRIORITY=0", metadata: ["operation": "op-1\nMESSAGE=forged", "from where": "x"])
            let lines = listener.next().split(separator: "\n")
            #expect(
                lines == [
                    "MESSAGE=1-3: owned PRIORITY=0", "PRIORITY=5", "SYSLOG_IDENTIFIER=clusterip-agent",
                    "SYSLOG_PID=\(getpid())", "CLUSTERIP_FROM_WHERE=x", "CLUSTERIP_OPERATION=op-1 MESSAGE=forged",
                    "CLUSTERIP_USER=anna",
                ])
        }
    }

    @Test(
        "syslog gets a line, with the severity of its level",
        arguments: [
            (Logger.Level.info, 30), (.notice, 29), (.warning, 28), (.error, 27), (.critical, 26),
        ])
    func syslog(_ level: Logger.Level, _ priority: Int) throws {
        try TemporaryDirectory.with("log") { directory in
            let listener = try Listener(directory + "/log")
            let logger = logger("/none", listener.path)
            logger.log(level: level, "member no more", metadata: ["user": "anna", "address": "10.8.0.1"])
            let line = listener.next()
            #expect(line.hasPrefix("<\(priority)>"))
            #expect(line.hasSuffix(" clusterip-agent[\(getpid())]: member no more (address=10.8.0.1 user=anna)"))
            logger.debug("nothing that anybody asked for")
            #expect(listener.next() == "")
        }
    }

    @Test("without a log, and with one that nobody reads, nothing is waited for")
    func missing() throws {
        try TemporaryDirectory.with("log") { directory in
            logger("/none", "/none").notice("lost")
            let listener = try Listener(directory + "/log")
            let logger = logger("/none", listener.path)
            for number in 0..<1000 { logger.notice("message \(number)") }
            #expect(listener.next().hasSuffix(": message 0"))
        }
    }
}
