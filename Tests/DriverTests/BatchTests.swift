import CNetfilter
import Glibc
import LinuxNode
import NodeDriver
import Testing

@testable import Nftables

@Suite("A transaction of which a part could not be made is not sent")
struct BatchTests {
    private func error(_ fill: (inout Batch) -> Void) throws -> (error: KernelError?, label: String?) {
        var batch = Batch(try NetlinkSocket(NETLINK_NETFILTER), generation: 0)
        fill(&batch)
        let labels = batch.labels
        do throws(KernelError) {
            try batch.commit()
            return (nil, nil)
        } catch { return (error, labels[error.sequence]) }
    }

    @Test("for want of memory")
    func memory() throws {
        let found = try error { $0.lack("the rule \"drop\" of the chain early") }
        #expect(found.error?.number == ENOMEM)
        #expect(found.label == "the rule \"drop\" of the chain early")
    }

    @Test("for want of room in a message", arguments: [0, 1, 200])
    func room(_ length: Int) throws {
        let comment = String(repeating: "x", count: length)
        let found = try error { $0.elements(NFT_MSG_NEWSETELEM, table: "t", set: "owned", 1...400, comment: comment) }
        // What fits is sent, and the kernel has no such table.
        #expect(found.error?.number == (length == 200 ? EMSGSIZE : ENOENT))
        #expect(found.label == "elements of the set owned")
    }
}
