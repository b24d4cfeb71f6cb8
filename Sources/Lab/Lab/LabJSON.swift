import FoundationEssentials
import Glibc

/// JSON values as lines on pipes and as small files.
enum LabJSON {
    /// One line with its newline.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }

    /// Writes a line whole to a blocking descriptor, or as much as the other side still takes.
    static func write(_ value: some Encodable, to descriptor: Int32) {
        guard let line = try? encode(value) else { return }
        var written = 0
        while written < line.count {
            let count = line[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR || errno == EAGAIN else { return }
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, 1000)
            }
        }
    }

    /// Reads one line from a blocking descriptor, byte by byte so that nothing after it is taken; nil at its end.
    static func read<Value: Decodable>(_ type: Value.Type, from descriptor: Int32) -> Value? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count < 1 << 20 {
            let count = Glibc.read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1, byte != UInt8(ascii: "\n") else { break }
            line.append(byte)
        }
        return try? decode(type, from: line)
    }
}
