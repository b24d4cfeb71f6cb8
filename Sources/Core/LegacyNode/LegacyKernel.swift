import Responsibility

/// What changed between kernels in ipt_CLUSTERIP, by version of the mainline kernel.
///
/// Distributions and stable kernels carry some changes back; set the properties to say so. Source: ipt_CLUSTERIP.c of
/// 3.10, 4.0, 4.15, 4.19, 5.10 and 5.15, and commit 9db5d918e2c0, which removed it.
public struct LegacyKernel: Hashable, Sendable {
    /// The kernel's version.
    public var version: LinuxVersion
    /// The byte order of the machine.
    public var byteOrder: ByteOrder
    /// Whether the module exists: it was removed in 6.3.
    public var hasTarget: Bool
    /// Whether rules through iptables-nft are refused with a reason (about 4.15 on).
    public var refusesNftables: Bool
    /// Whether local nodes outside 1…64 are refused (about 4.16 on); before, 0 means to own nothing.
    public var checksLocalNodes: Bool
    /// Whether a second rule with another MAC address is refused (4.19 on, commit 06aa151ad1fc).
    public var comparesMAC: Bool
    /// Whether that refusal leaks a reference, so that the address outlives its rules (until 5.17, commit d94a69cb2cfa).
    public var leaksOnMismatch: Bool
    /// Whether the first rule logs that the target is deprecated (about 4.10 on).
    public var warnsOfDeprecation: Bool
    /// Whether each network namespace has cluster addresses of its own (3.19 on); before, only the initial one has.
    public var isPerNamespace: Bool
    /// Whether the target follows its interface through renames and re-creation (about 4.11 on); before, it holds a
    /// reference to the interface, which cannot be removed.
    public var followsInterface: Bool

    /// A mainline kernel of this version.
    public init(_ version: LinuxVersion, byteOrder: ByteOrder = .little) {
        self.version = version
        self.byteOrder = byteOrder
        hasTarget = version < LinuxVersion(6, 3)
        refusesNftables = version >= LinuxVersion(4, 15)
        checksLocalNodes = version >= LinuxVersion(4, 16)
        comparesMAC = version >= LinuxVersion(4, 19)
        leaksOnMismatch = version >= LinuxVersion(4, 19) && version < LinuxVersion(5, 17)
        warnsOfDeprecation = version >= LinuxVersion(4, 10)
        isPerNamespace = version >= LinuxVersion(3, 19)
        followsInterface = version >= LinuxVersion(4, 11)
    }
}
