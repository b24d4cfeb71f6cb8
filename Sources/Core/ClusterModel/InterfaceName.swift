/// The names that Linux gives to network interfaces.
public enum InterfaceName {
    /// The longest name, in bytes: the kernel's `IFNAMSIZ` without the zero at its end.
    public static let longest = 15

    /// Whether an interface can have this name and a terminal can show it.
    ///
    /// Linux (`dev_valid_name`) refuses "", "." and "..", names with `/`, `:` or a blank, and longer ones; a name that
    /// could command a terminal or that hides a part of itself is refused here as well. `$(id)` is a name that Linux
    /// allows: in a command it must be quoted (`ShellWord`).
    public static func isValid(_ name: String) -> Bool {
        guard (1...longest).contains(name.utf8.count), name != ".", name != ".." else { return false }
        return name.unicodeScalars.allSatisfy { !["/", ":"].contains($0) && !$0.properties.isWhitespace }
            && name.madeSafe(limit: longest) == name
    }
}
