/// The clock of the day, by which the screens write times; the program tells it what time it is.
struct DayClock: Hashable, Sendable {
    /// Seconds since 1970, UTC, when the console's own clock showed 0.
    var offset = 0.0
    /// Seconds that written times are ahead of UTC.
    var zone = 0

    /// A time written as the screens do: "14:02:31".
    func time(_ seconds: Double) -> String {
        let second = Self.floored(seconds + Double(zone)) % 86_400
        let whole = second < 0 ? second + 86_400 : second
        return "\(Self.two(whole / 3600)):\(Self.two(whole / 60 % 60)):\(Self.two(whole % 60))"
    }

    /// The same without seconds: "14:02".
    func minute(_ seconds: Double) -> String { String(time(seconds).prefix(5)) }

    /// The day of a time: "2026-11-28".
    func date(_ seconds: Double) -> String {
        let (year, month, day) = Self.civil(day: Self.day(Self.floored(seconds + Double(zone))))
        return "\(year)-\(Self.two(month))-\(Self.two(day))"
    }

    /// A time written like "2026-11-28 14:02:31", by this clock; nil for anything else.
    func seconds(_ text: String) -> Double? {
        let numbers = text.prefix(19).split { "- T:".contains($0) }.compactMap { Int($0) }
        guard numbers.count == 6, (1970...9999).contains(numbers[0]), (1...12).contains(numbers[1]),
            (1...31).contains(numbers[2]), (0...23).contains(numbers[3]), (0...59).contains(numbers[4]),
            (0...60).contains(numbers[5])
        else { return nil }
        let day = Self.day(year: numbers[0], month: numbers[1], day: numbers[2])
        return Double(day * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5] - zone)
    }

    private static func floored(_ seconds: Double) -> Int {
        seconds.isFinite ? Int(min(max(seconds, 0), 2.5e11).rounded(.down)) : 0
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func day(_ seconds: Int) -> Int { seconds / 86_400 }

    /// Days since 1970 of a date of the Gregorian calendar; years are counted from March, so that a leap day ends one.
    private static func day(year: Int, month: Int, day: Int) -> Int {
        let years = month > 2 ? year : year - 1
        let months = (month + 9) % 12
        return years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day - 719_469
    }

    /// The date so many days after 1970 began.
    private static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
        var low = 1970
        var high = 9999
        while low < high {
            let middle = (low + high + 1) / 2
            if self.day(year: middle, month: 1, day: 1) <= day { low = middle } else { high = middle - 1 }
        }
        let month = (1...12).last { self.day(year: low, month: $0, day: 1) <= day } ?? 1
        return (low, month, day - self.day(year: low, month: month, day: 1) + 1)
    }
}

extension ConsoleState {
    /// What time it is, in seconds since 1970.
    var wall: Double { now + clock.offset }
}
