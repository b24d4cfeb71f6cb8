import CLinux
import ClusterModel
import Glibc
import Reactor

/// Where a `BlockReader` reads from.
protocol ByteSource: AnyObject {
    /// Reads once: how many bytes came, 0 at the end, -1 with `errno` when none could be read or a signal came.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int
}

/// A file or standard input.
final class DescriptorSource: ByteSource {
    private let descriptor: Int32
    private let isOwner: Bool

    /// A source that closes the descriptor at its end if it is the owner's.
    init(_ descriptor: Int32, isOwner: Bool) {
        self.descriptor = descriptor
        self.isOwner = isOwner
    }

    deinit { if isOwner { close(descriptor) } }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    }
}

/// What a child prints, while its standard error is drained so that the child never stands still for it.
final class ChildSource: ByteSource {
    /// The bytes of standard error that are kept, its last.
    private static let kept = 2000

    private let child: ChildProcess
    private var errorText: [UInt8] = []
    private var hasErrors = true

    /// A source of a child whose standard error is a pipe.
    init(_ child: ChildProcess) { self.child = child }

    /// The last line that the child wrote to standard error; nil when it wrote none.
    var lastError: String? {
        errorText.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.last
            .map { String(decoding: $0, as: UTF8.self).madeSafe(limit: 300) }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while clusterip_is_interrupted() == 0 {
            var waits = [
                pollfd(fd: child.output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: hasErrors ? child.errors : -1, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&waits, 2, -1) > 0 else { return -1 }
            if waits[1].revents != 0 { drainErrors() }
            guard waits[0].revents != 0 else { continue }
            let count = Glibc.read(child.output, buffer.baseAddress, buffer.count)
            if count >= 0 || errno != EAGAIN { return count }
        }
        // A child that never stops talking lets no signal interrupt the waiting.
        errno = EINTR
        return -1
    }

    /// Takes what the child has written to standard error by now.
    func drainErrors() {
        withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
            let count = Glibc.read(child.errors, buffer.baseAddress, buffer.count)
            if count > 0 { errorText = Array((errorText + buffer[..<count].suffix(Self.kept)).suffix(Self.kept)) }
            hasErrors = count > 0 || count < 0 && (errno == EAGAIN || errno == EINTR)
        }
    }
}
