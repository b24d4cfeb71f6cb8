import Glibc

/// A release of Linux that still has iptables' target CLUSTERIP, as Debian packages it for User-mode Linux.
public enum KernelRelease: String, CaseIterable, Hashable, Sendable, Codable {
    /// Of Debian 12.
    case linux61 = "6.1"
    /// Of Debian 11.
    case linux510 = "5.10"

    /// The kernel, which is a program.
    var kernel: String { "\(place)/usr/bin/linux.uml" }

    /// Where `modprobe -d` finds the kernel's modules.
    var modules: String { "\(place)/modules" }

    /// What loads modules into a kernel, whichever it is.
    static var modprobe: String { "\(linux61.place)/tools/modprobe" }

    private static let directory = "/var/cache/clusterip-legacy"

    private var place: String {
        switch self {
        case .linux61: "\(Self.directory)/bookworm"
        case .linux510: "\(Self.directory)/bullseye"
        }
    }

    /// Throws a sentence when these kernels are not on this machine, or cannot be run by this user.
    static func require(_ releases: [KernelRelease]) throws(LabError) {
        guard !releases.isEmpty else { return }
        guard geteuid() == 0 else {
            throw LabError("nodes with kernels of their own are for root, as /dev/net/tun is")
        }
        for file in releases.map(\.kernel) + [modprobe] where access(file, X_OK) != 0 {
            throw LabError("there is no \(file); `Scripts/install-dependencies --legacy` fetches it")
        }
    }
}
