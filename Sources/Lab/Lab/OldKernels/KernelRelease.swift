import Glibc

/// A release of Linux that still has iptables' target CLUSTERIP, as Debian packages it.
public enum KernelRelease: String, CaseIterable, Hashable, Sendable, Codable {
    /// Of Debian 12, for User-mode Linux: without nf_tables for IPv4.
    case linux61 = "6.1"
    /// Of Debian 11, for User-mode Linux: without nf_tables for IPv4.
    case linux510 = "5.10"
    /// Of Debian 12, for a machine that qemu emulates: the only one that has the target and nf_tables.
    case linux61Tables = "6.1+nf_tables"

    /// Whether it runs on a machine that is emulated, and not as a program.
    var isEmulated: Bool { self == .linux61Tables }

    /// The kernel: a program, or an image for the emulator.
    var kernel: String { isEmulated ? "\(place)/vmlinux" : "\(place)/usr/bin/linux.uml" }

    /// Where `modprobe -d` finds the kernel's modules.
    var modules: String { isEmulated ? place : "\(place)/modules" }

    /// What an emulated machine needs to reach this machine's files.
    var initialRoot: String { "\(place)/initrd" }

    /// What loads modules into a kernel, whichever it is.
    static var modprobe: String { "\(linux61.place)/tools/modprobe" }
    /// The emulator.
    static let emulator = "/usr/bin/qemu-system-x86_64"

    private static let directory = "/var/cache/clusterip-legacy"

    private var place: String {
        switch self {
        case .linux61: "\(Self.directory)/bookworm"
        case .linux510: "\(Self.directory)/bullseye"
        case .linux61Tables: "\(Self.directory)/bookworm-emulated"
        }
    }

    /// Throws a sentence when these kernels are not on this machine, or cannot be run by this user.
    static func require(_ releases: [KernelRelease]) throws(LabError) {
        guard !releases.isEmpty else { return }
        guard geteuid() == 0 else {
            throw LabError("nodes with kernels of their own are for root, as /dev/net/tun is")
        }
        for release in Set(releases) {
            let files = [release.kernel, modprobe] + (release.isEmulated ? [release.initialRoot, emulator] : [])
            for file in files where access(file, R_OK) != 0 {
                throw LabError(
                    "there is no \(file); `Scripts/install-dependencies \(release.isEmulated ? "--emulated" : "--legacy")` "
                        + "fetches it")
            }
        }
    }
}
