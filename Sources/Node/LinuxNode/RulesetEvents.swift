import CNetfilter
import ClusterModel
import Glibc
import NodeDriver

/// Tells of every commit of the ruleset in the network namespace in which it was made.
///
/// The descriptor becomes readable when there is something to drain; nothing here ever waits.
public final class RulesetEvents {
    /// The descriptor to watch for reading.
    public var descriptor: Int32 { socket.descriptor }

    private let socket: NetlinkSocket

    /// Subscribes to the events of nf_tables.
    ///
    /// - Throws: `.notPermitted` or `.notSupported`, with the kernel's reason.
    public init() throws(DriverError) {
        do throws(KernelError) {
            socket = try NetlinkSocket(Int32(NETLINK_NETFILTER))
            try socket.subscribe(to: Int32(NFNLGRP_NFTABLES.rawValue))
        } catch {
            let code: FailureCode = error.number == EPERM ? .notPermitted : .notSupported
            throw DriverError(code, "The kernel does not tell of changes of the ruleset: \(error.text).")
        }
    }

    /// The commits since the last call, oldest first; empty when there were none.
    ///
    /// When more happened than the socket holds, the lost ones are missing; sampling shows what became of them.
    public func drain() -> [RulesetChange] {
        var changes: [RulesetChange] = []
        socket.drain { answer in
            guard
                answer.header.pointee.nlmsg_type == UInt16(NFNL_SUBSYS_NFTABLES << 8) | UInt16(NFT_MSG_NEWGEN.rawValue)
            else { return }
            let attributes = Attributes(nfnetlink: answer)
            guard let generation = attributes.first(NFTA_GEN_ID.rawValue)?.bigEndian(UInt32.self) else { return }
            // The kernel says the thread's number, which is the process's where there is only one thread.
            let program = ProgramIdentity(
                process: attributes.first(NFTA_GEN_PROC_NAME.rawValue)?.text ?? "",
                pid: attributes.first(NFTA_GEN_PROC_PID.rawValue)?.bigEndian(UInt32.self) ?? 0)
            changes.append(RulesetChange(generation: generation, by: program))
        }
        return changes
    }
}
