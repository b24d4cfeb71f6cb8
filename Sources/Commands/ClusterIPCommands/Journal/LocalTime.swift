import Glibc

/// Times of the journal by the clock of this machine's wall, for people; the journal itself has UTC.
struct LocalTime {
    /// Whether times are shown by local time; otherwise by UTC.
    let isLocal: Bool

    /// What stands behind a time, or in the heading of its column.
    var name: String { isLocal ? "local" : "UTC" }

    /// Seconds that this machine's zone is ahead of UTC now.
    static var zone: Int {
        var seconds = time(nil)
        var parts = tm()
        return localtime_r(&seconds, &parts) == nil ? 0 : parts.tm_gmtoff
    }

    /// A time such as "2026-11-22T14:02:31.045Z" as "2026-11-22 15:02:31"; one of another form stays as it is.
    func text(_ time: String) -> String {
        let plain = String(time.prefix(19).map { $0 == "T" ? " " : $0 })
        let numbers = plain.split { "- :".contains($0) }.compactMap { Int32($0) }
        guard isLocal, numbers.count == 6 else { return plain }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] &- 1900, numbers[1] &- 1, numbers[2])
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
        var seconds = timegm(&parts)
        guard localtime_r(&seconds, &parts) != nil else { return plain }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
            let length = strftime(buffer.baseAddress!, buffer.count, "%Y-%m-%d %H:%M:%S", &parts)
            return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
