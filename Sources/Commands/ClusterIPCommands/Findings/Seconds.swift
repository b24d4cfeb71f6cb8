import ArgumentParser

/// A time on the command line, such as "2", "2s" or "0.5".
struct Seconds: ExpressibleByArgument {
    var value: Double

    init(_ value: Double) { self.value = value }

    init?(argument: String) {
        let digits = argument.hasSuffix("s") ? argument.dropLast() : argument[...]
        guard let value = Double(digits), (0.5...120).contains(value) else { return nil }
        self.value = value
    }

    var defaultValueDescription: String { "1" }
}
