import CNetfilter
import Glibc

extension NetlinkSocket {
    /// Joins multicast groups of the socket's protocol; only a bound socket hears anything.
    func subscribe(to groups: Int32...) throws(KernelError) {
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_nl>.size))
            }
        }
        guard bound == 0 else { throw .last }
        let size = socklen_t(MemoryLayout<Int32>.size)
        for var group in groups {
            guard setsockopt(descriptor, Int32(SOL_NETLINK), Int32(NETLINK_ADD_MEMBERSHIP), &group, size) == 0 else {
                throw .last
            }
        }
    }

    /// Hands over every message that is there; returns whether there was any, lost ones included.
    @discardableResult
    func drain(_ handle: (Answer) -> Void = { _ in }) -> Bool {
        var hasNews = false
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            guard count >= 0 else {
                if errno == EINTR { continue }
                guard errno == ENOBUFS else { return hasNews }
                hasNews = true
                continue
            }
            hasNews = true
            var rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
            while let answer = Self.message(&rest) { handle(answer) }
        }
    }
}
