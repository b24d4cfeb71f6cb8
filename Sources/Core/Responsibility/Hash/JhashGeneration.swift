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
