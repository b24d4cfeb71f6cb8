import Responsibility

/// An error number of Linux, by its meaning; the raw value is the number on x86-64 and arm64.
///
/// Source: include/uapi/asm-generic/errno-base.h and errno.h; the sentences are those of glibc.
public enum KernelErrno: Int32, Error, Sendable, CaseIterable {
    /// EPERM.
    case notPermitted = 1
    /// ENOENT.
    case noEntry = 2
    /// EIO.
    case inputOutput = 5
    /// ENOMEM.
    case noMemory = 12
    /// EFAULT.
    case badAddress = 14
    /// EBUSY.
    case busy = 16
    /// EINVAL.
    case invalidArgument = 22
    /// EDOM.
    case outOfDomain = 33
    /// ERANGE.
    case outOfRange = 34
    /// EOVERFLOW.
    case overflow = 75
    /// EOPNOTSUPP.
    case notSupported = 95

    /// The symbolic name, "EINVAL".
    public var name: String {
        switch self {
        case .notPermitted: "EPERM"
        case .noEntry: "ENOENT"
        case .inputOutput: "EIO"
        case .noMemory: "ENOMEM"
        case .badAddress: "EFAULT"
        case .busy: "EBUSY"
        case .invalidArgument: "EINVAL"
        case .outOfDomain: "EDOM"
        case .outOfRange: "ERANGE"
        case .overflow: "EOVERFLOW"
        case .notSupported: "EOPNOTSUPP"
        }
    }

    /// The sentence the C library prints for it.
    public var message: String {
        switch self {
        case .notPermitted: "Operation not permitted"
        case .noEntry: "No such file or directory"
        case .inputOutput: "Input/output error"
        case .noMemory: "Cannot allocate memory"
        case .badAddress: "Bad address"
        case .busy: "Device or resource busy"
        case .invalidArgument: "Invalid argument"
        case .outOfDomain: "Numerical argument out of domain"
        case .outOfRange: "Numerical result out of range"
        case .overflow: "Value too large for defined data type"
        case .notSupported: "Operation not supported"
        }
    }
}

extension ClusterMatchError {
    /// The errno of the kernel; nil when iptables refuses before it asks the kernel.
    public var errno: KernelErrno? {
        switch self {
        case .tooManyNodes: .invalidArgument
        case .maskBeyondNodes: .outOfDomain
        case .totalOutOfRange, .localNodeOutOfRange, .localNodeBeyondTotal: nil
        }
    }
}
