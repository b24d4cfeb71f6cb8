/// Finds the palette entry nearest to a colour.
public enum ColorQuantizer {
    /// The sixteen ANSI colours as xterm shows them, 0xRRGGBB.
    static let ansi: [UInt32] = [
        0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5, 0x7F7F7F, 0xFF0000, 0x00FF00,
        0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ]

    /// The levels of xterm's 6x6x6 cube.
    private static let levels: [Int] = [0, 95, 135, 175, 215, 255]

    /// 0xRRGGBB of a palette entry.
    public static func rgb(of index: UInt8) -> UInt32 {
        let index = Int(index)
        if index < 16 { return ansi[index] }
        if index >= 232 {
            let grey = UInt32(8 + 10 * (index - 232))
            return grey << 16 | grey << 8 | grey
        }
        let cube = index - 16
        let (red, green, blue) = (levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
        return UInt32(red << 16 | green << 8 | blue)
    }

    /// The nearest of the cube and the greys (16…255), whose colours are the same on every terminal.
    public static func nearest256(_ rgb: UInt32) -> UInt8 { nearest(rgb, 16...255) }

    /// The nearest of the sixteen ANSI colours.
    public static func nearest16(_ rgb: UInt32) -> UInt8 { nearest(rgb, 0...15) }

    /// Whether black is read better on a palette entry than white.
    static func isLight(_ index: UInt8) -> Bool {
        let rgb = rgb(of: index)
        return 299 * (rgb >> 16 & 255) + 587 * (rgb >> 8 & 255) + 114 * (rgb & 255) > 110_000
    }

    private static func nearest(_ rgb: UInt32, _ range: ClosedRange<UInt8>) -> UInt8 {
        var best = range.lowerBound
        var least = Int.max
        for index in range {
            let distance = distance(rgb, self.rgb(of: index))
            if distance < least {
                least = distance
                best = index
            }
        }
        return best
    }

    /// A distance that follows the eye better than the plain one ("redmean", Thiadmer Riemersma).
    private static func distance(_ a: UInt32, _ b: UInt32) -> Int {
        let (redA, redB) = (Int(a >> 16 & 255), Int(b >> 16 & 255))
        let red = redA - redB
        let green = Int(a >> 8 & 255) - Int(b >> 8 & 255)
        let blue = Int(a & 255) - Int(b & 255)
        let mean = (redA + redB) / 2
        return (512 + mean) * red * red / 256 + 4 * green * green + (767 - mean) * blue * blue / 256
    }
}
