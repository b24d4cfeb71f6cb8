import Glibc

/// Points in time as the journal writes them: UTC, to the millisecond, such as "2026-11-22T14:02:31.045Z".
package enum Timestamp {
    /// Now, by the clock of the day.
    static var now: String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(time)
    }

    /// A moment by the clock of the day.
    package static func text(_ time: timespec) -> String {
        var (time, parts) = (time, tm())
        gmtime_r(&time.tv_sec, &parts)
        return
            "\(digits(Int(parts.tm_year) + 1900, 4))-\(digits(Int(parts.tm_mon) + 1, 2))-\(digits(Int(parts.tm_mday), 2))"
            + "T\(digits(Int(parts.tm_hour), 2)):\(digits(Int(parts.tm_min), 2)):\(digits(Int(parts.tm_sec), 2))"
            + ".\(digits(time.tv_nsec / 1_000_000, 3))Z"
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(count - text.count, 0)) + text
    }
}
