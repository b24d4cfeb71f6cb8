import FoundationEssentials
import Glibc

/// A new directory below /tmp that only its owner may enter.
public enum TemporaryDirectory {
    /// Makes one with a name that begins so; the caller removes it.
    ///
    /// - Throws: when there can be none.
    public static func make(_ name: String) throws -> String {
        // mkdtemp(3) puts letters of its own in place of six at the end.
        var path = Array(("/tmp/clusterip-\(name)-" + String(repeating: "X", count: 6)).utf8CString)
        guard mkdtemp(&path) != nil else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Makes one, and removes it with all that is in it when the body ends.
    public static func with<Value>(_ name: String, _ body: (String) throws -> Value) throws -> Value {
        let path = try make(name)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }
}
