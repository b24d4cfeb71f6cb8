/// The version of a Linux kernel, as far as it changes what ipt_CLUSTERIP and jhash do.
///
/// Source: the release of uname(2).
public struct LinuxVersion: Hashable, Sendable {
    /// The first number.
    public var major: Int
    /// The second number.
    public var minor: Int
    /// The third number.
    public var patch: Int

    /// The version major.minor.patch.
    public init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }
}

extension LinuxVersion: Comparable {
    /// Orders versions by their three numbers.
    public static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}

extension LinuxVersion: LosslessStringConvertible {
    /// Reads the release that `uname -r` prints ("6.1.0-56-cloud-amd64"); what follows the numbers is left out.
    ///
    /// Two numbers are needed, each at most 65,535; nil for anything else.
    public init?(_ description: String) {
        var numbers: [Int] = []
        var rest = description.utf8[...]
        while numbers.count < 3, let number = Self.takeNumber(&rest) {
            numbers.append(number)
            guard rest.first == UInt8(ascii: ".") else { break }
            rest.removeFirst()
        }
        guard numbers.count >= 2 else { return nil }
        self.init(numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : 0)
    }

    private static func takeNumber(_ text: inout Substring.UTF8View) -> Int? {
        let digits = text.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let number = UInt16(Substring(digits)) else { return nil }
        text = text.dropFirst(digits.count)
        return Int(number)
    }

    /// The three numbers joined by dots.
    public var description: String { "\(major).\(minor).\(patch)" }
}
