import Glibc

/// The executables of this package, as they were built for the tests.
public enum BuiltProducts {
    /// Their directory: the test bundle's own.
    public static let directory: String = {
        guard let maps = fopen("/proc/self/maps", "r") else { return ".build/debug" }
        defer { fclose(maps) }
        var line = [CChar](repeating: 0, count: 8192)
        while fgets(&line, Int32(line.count), maps) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            guard let path = text.split(whereSeparator: \.isWhitespace).last, path.hasSuffix(".xctest") else {
                continue
            }
            return String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
        }
        return ".build/debug"
    }()
}
