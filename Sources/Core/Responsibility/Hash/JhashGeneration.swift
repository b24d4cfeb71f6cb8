/// The generation of the kernel's `jhash_1word`, `jhash_2words` and `jhash_3words`: each places flows differently.
///
/// Source: include/linux/jhash.h before 2.6.37, in 2.6.37–4.0 and since 4.1.
public enum JhashGeneration: String, CaseIterable, Sendable, Codable {
    /// Linux before 2.6.37: Jenkins' lookup2.
    case lookup2
    /// Linux 2.6.37–4.0: lookup3, into which the number of words does not enter.
    case lookup3WithoutLength = "lookup3-without-length"
    /// Linux 4.1 and later: lookup3 with the number of words.
    case lookup3

    /// The generation of a kernel of this version, as far as the version tells.
    ///
    /// A distribution may have carried a later change back; marks of connections tell for certain (`Calibration`).
    public init(of kernel: LinuxVersion) {
        if kernel >= LinuxVersion(4, 1) {
            self = .lookup3
        } else if kernel >= LinuxVersion(2, 6, 37) {
            self = .lookup3WithoutLength
        } else {
            self = .lookup2
        }
    }
}

/// The byte order of a node's processor, which decides how the kernel reads the ports of a packet as numbers.
///
/// The kernel hashes ports as it loads them from the packet, without swapping: an x86-64 and an s390x node therefore
/// place the same flow differently in the modes with ports. Source: `clusterip_hashfn` of ipt_CLUSTERIP.c.
public enum ByteOrder: String, CaseIterable, Sendable, Codable {
    /// The least significant byte first: x86-64, arm64, riscv64.
    case little
    /// The most significant byte first: s390x, ppc64.
    case big

    /// A port as a processor of this order loads its two wire bytes; `port` is the port's number.
    @inlinable
    public func loaded(_ port: UInt16) -> UInt32 { UInt32(self == .little ? port.byteSwapped : port) }

    /// Four wire bytes as a processor of this order loads them; `word` is their value read in network order.
    @inlinable
    public func loaded(_ word: UInt32) -> UInt32 { self == .little ? word.byteSwapped : word }
}

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
