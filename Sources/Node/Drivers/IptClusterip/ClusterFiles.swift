import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

/// The files in which ipt_CLUSTERIP keeps who owns what: one for each cluster address.
///
/// Source: `clusterip_proc_*` of net/ipv4/netfilter/ipt_CLUSTERIP.c.
package protocol ClusterFiles {
    /// The addresses that have a file; nil where the kernel has no such target, or none of its rules.
    func addresses() -> [IPv4Address]?

    /// What an address's file says.
    func read(_ address: IPv4Address) throws(KernelError) -> String

    /// Writes to an address's file, once.
    func write(_ text: String, to address: IPv4Address) throws(KernelError)
}

extension ClusterFiles {
    /// The buckets that an address's file lists; it never lists one above 32.
    package func owned(_ address: IPv4Address) throws(DriverError) -> BucketSet {
        let text: String
        do throws(KernelError) { text = try read(address) } catch { throw Self.unreadable(address, error) }
        guard let line = text.split(separator: "\n").first else { return [] }
        let numbers = line.split(separator: ",").map { Int($0) }
        guard numbers.allSatisfy({ $0 != nil }) else {
            throw DriverError(.kernel, "The file of \(address) says \"\(text.madeSafe(limit: 60))\", which is no list.")
        }
        return BucketSet(numbers.compactMap(\.self))
    }

    /// Makes the node own a bucket, or not.
    ///
    /// The kernel says ENOMEM for a bucket that is owned already and ENOENT for one that is not owned, and also for one
    /// that it does not have; so the file is read to tell them apart.
    package func set(_ bucket: Int, owned owns: Bool, of address: IPv4Address) throws(DriverError) {
        do throws(KernelError) { try write("\(owns ? "+" : "-")\(bucket)\n", to: address) } catch {
            switch error.number {
            case ENOMEM where owns, ENOENT where !owns:
                if try owned(address).contains(bucket) == owns { return }
                throw DriverError(.notFound, "The kernel has no bucket \(bucket) of \(address).")
            default: throw Self.unreadable(address, error)
            }
        }
    }

    private static func unreadable(_ address: IPv4Address, _ error: KernelError) -> DriverError {
        let path = ProcClusterFiles.directory + "/\(address)"
        switch error.number {
        case EACCES, EPERM:
            return DriverError(
                .notPermitted,
                "\(path) may be read and written by root of the first user namespace alone; run the agent there as root."
            )
        case ENOENT: return .notInstalled(.v4(address))
        default: return .kernel(error, doing: "using \(path)")
        }
    }
}

/// The files of this kernel, in the network namespace of the calling thread.
package struct ProcClusterFiles: ClusterFiles {
    static let directory = "/proc/net/ipt_CLUSTERIP"
    private let place = "/proc/thread-self/net/ipt_CLUSTERIP"

    /// The files of this kernel.
    package init() {}

    package func addresses() -> [IPv4Address]? {
        guard let folder = opendir(place) else { return nil }
        defer { closedir(folder) }
        var found: [IPv4Address] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { UnsafeRawBufferPointer($0).text }
            if let address = IPv4Address(name) { found.append(address) }
        }
        return found.sorted()
    }

    package func read(_ address: IPv4Address) throws(KernelError) -> String {
        let descriptor = open("\(place)/\(address)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        defer { close(descriptor) }
        return String(decoding: ProcFile.bytes(descriptor), as: UTF8.self)
    }

    package func write(_ text: String, to address: IPv4Address) throws(KernelError) {
        let descriptor = open("\(place)/\(address)", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw .last }
    }
}
