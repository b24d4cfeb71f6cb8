/// Hands out a terminal's colour pairs, which may be as few as 64.
public struct ColorPairs: Sendable {
    /// Two palette indices, -1 for the terminal's own colour.
    public struct Colors: Hashable, Sendable {
        /// The character's.
        public var foreground: Int
        /// The ground's.
        public var background: Int

        /// Makes a pair of colours from palette indices.
        public init(_ foreground: UInt8?, _ background: UInt8?) {
            self.foreground = foreground.map(Int.init) ?? -1
            self.background = background.map(Int.init) ?? -1
        }
    }

    /// Pairs that can be defined, pair 0 (the terminal's own colours) among them.
    public let capacity: Int
    private var numbers: [Colors: Int] = [:]

    /// Makes an allocator for a terminal with so many pairs.
    public init(capacity: Int) { self.capacity = capacity }

    /// The pair for two colours: 0 for the terminal's own, else one in use for the same colours, else a new one.
    ///
    /// When all are taken: one with the same foreground on the terminal's own ground, else pair 0.
    /// `isNew` says that the terminal must be told what the pair is.
    public mutating func pair(for colors: Colors) -> (number: Int, isNew: Bool) {
        if colors.foreground < 0 && colors.background < 0 { return (0, false) }
        if let number = numbers[colors] { return (number, false) }
        let number = numbers.count + 1
        if number < capacity {
            numbers[colors] = number
            return (number, true)
        }
        var plain = colors
        plain.background = -1
        return (numbers[plain] ?? 0, false)
    }
}
