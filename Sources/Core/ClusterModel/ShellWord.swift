/// Words of a command line as a shell must be given them.
public enum ShellWord {
    /// Marks that no shell gives a meaning inside of a word.
    private static let plainMarks: Set<Unicode.Scalar> = ["-", "_", ".", "/", ":", ",", "@", "+", "%", "="]

    /// The word as a POSIX shell takes it for exactly this text: as it stands, or in single quotes.
    ///
    /// Quoted is everything but ASCII letters, digits and `-_./:,@+%=`; `$(id)` becomes `'$(id)'`.
    public static func quoted(_ text: String) -> String {
        guard text.isEmpty || !text.unicodeScalars.allSatisfy(isPlain) else { return text }
        var quoted = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(scalar) }
        }
        return quoted + "'"
    }

    /// A command line from its words, each quoted where that is needed.
    public static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: plainMarks.contains(scalar)
        }
    }
}
