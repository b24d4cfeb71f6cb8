import CLinux
import Glibc

/// A pipe, both ends closed on exec; what is not taken or closed before is closed with it.
struct Pipe: ~Copyable {
    private(set) var reading: Int32
    private(set) var writing: Int32

    init() throws(LabError) {
        var ends: [Int32] = [-1, -1]
        guard clusterip_pipe(&ends) == 0 else {
            throw LabError("the lab cannot create a pipe: \(String(cString: strerror(errno)))")
        }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit { for end in [reading, writing] where end >= 0 { close(end) } }

    mutating func closeWriting() {
        if writing >= 0 { close(writing) }
        writing = -1
    }

    /// The writing end, which is the caller's to close from now on.
    mutating func takeWriting() -> Int32 {
        defer { writing = -1 }
        return writing
    }
}
