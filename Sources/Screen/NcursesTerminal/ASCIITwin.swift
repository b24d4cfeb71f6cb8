import Canvas

/// What stands for a character on a terminal that cannot show it.
enum ASCIITwin {
    private static let twins: [UInt32: UInt32] = {
        var result: [UInt32: UInt32] = [:]
        for (unicode, ascii) in zip(GlyphSet.unicode.all, GlyphSet.ascii.all) where result[unicode.value] == nil {
            result[unicode.value] = ascii.value
        }
        return result
    }()

    /// The ASCII shape of one of our glyphs, else a question mark.
    static func of(_ scalar: UInt32) -> UInt32 { twins[scalar] ?? 0x3F }
}
