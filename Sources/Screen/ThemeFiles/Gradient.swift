import Canvas

/// Colours between colours.
enum Gradient {
    /// As many colours as asked for: the given ones when they are enough, else evenly spaced between them.
    static func stretch(_ marks: [ThemeColor], to steps: Int) -> [ThemeColor] {
        guard marks.count < steps, marks.count > 1, steps > 1 else { return marks }
        return (0..<steps).map { step in
            let position = step * (marks.count - 1)
            let (from, rest) = (position / (steps - 1), position % (steps - 1))
            guard rest > 0 else { return marks[from] }
            return mix(marks[from], marks[from + 1], rest, of: steps - 1)
        }
    }

    private static func mix(_ a: ThemeColor, _ b: ThemeColor, _ part: Int, of whole: Int) -> ThemeColor {
        guard let a = rgb(a), let b = rgb(b) else { return a }
        var result: UInt32 = 0
        for shift: UInt32 in [16, 8, 0] {
            let (from, to) = (Int(a >> shift & 255), Int(b >> shift & 255))
            result |= UInt32(from + (to - from) * part / whole) << shift
        }
        return .rgb(result)
    }

    private static func rgb(_ color: ThemeColor) -> UInt32? {
        switch color {
        case .terminal: nil
        case .index(let index): ColorQuantizer.rgb(of: index)
        case .rgb(let rgb): rgb
        }
    }
}
