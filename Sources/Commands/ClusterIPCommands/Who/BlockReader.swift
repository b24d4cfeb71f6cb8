import CLinux
import ClusterModel
import Glibc
import Reactor

/// Reads a file or standard input in blocks of constant size, until its end or Ctrl-C.
final class BlockReader {
    /// The size of a block in bytes.
    private static let size = 1 << 18

    /// How long, in milliseconds, nothing comes before that is told.
    private static let idleTime: Int32 = 250

    /// Whether Ctrl-C ended the reading.
    private(set) var isInterrupted = false

    /// Says on standard error that what is printed is not all; returns the exit status for that.
    var interruption: ExitStatus {
        CommandIO.complain(
            "stopped by Ctrl-C after \(Decimals.bytes(position)): the results are of what was read by then")
        return .interrupted
    }

    private var position = 0
    private let source: any ByteSource
    private let what: String
    private let total: Int?

    /// Opens a file; "-" is standard input.
    init(_ path: String, what: String) throws(CommandError) {
        self.what = "\(what) \(path.madeSafe(limit: 200))"
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandError(SystemError("read the \(what)").description) }
        let file = DescriptorSource(descriptor, isOwner: path != "-")
        total = Files.size(of: descriptor)
        source = file
    }

    /// Reads what comes of a source whose length is not known.
    init(_ source: any ByteSource, what: String) {
        self.what = what
        self.source = source
        total = nil
    }

    /// Hands every block to `body`, which returns how many bytes it took; the rest comes again before the next.
    ///
    /// Say whether `body` prints: then a terminal that it may print to has no progress bar. A block that nothing was taken
    /// of is handed in again, larger, until 64 MiB. `idle` is called a few times a second while nothing comes.
    func forEachBlock(
        printsMeanwhile: Bool = false, idle: (() throws(CommandError) -> Void)? = nil,
        _ body: (UnsafeRawBufferPointer, _ isLast: Bool) throws(CommandError) -> Int
    ) throws(CommandError) {
        var buffer = [UInt8](repeating: 0, count: Self.size)
        var filled = 0
        var progress = Progress(total: total, printsMeanwhile: printsMeanwhile)
        defer { Progress.clear() }
        clusterip_remember_interrupt()
        while true {
            let count = try read(&buffer, from: filled, idle)
            if count < 0 { return }
            filled += count
            position += count
            let taken = try Self.apply(body, buffer, filled, isLast: count == 0)
            if count == 0 {
                if let failure = source.failure { throw CommandError("\(what) is not whole: \(failure)") }
                return
            }
            try Self.shift(&buffer, &filled, taken)
            progress.show(position)
            if clusterip_is_interrupted() != 0 { return isInterrupted = true }
        }
    }

    private static func apply(
        _ body: (UnsafeRawBufferPointer, Bool) throws(CommandError) -> Int, _ buffer: [UInt8], _ filled: Int,
        isLast: Bool
    ) throws(CommandError) -> Int {
        let result = buffer.withUnsafeBytes { bytes -> Result<Int, CommandError> in
            do throws(CommandError) {
                return .success(try body(UnsafeRawBufferPointer(rebasing: bytes[..<filled]), isLast))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static func shift(_ buffer: inout [UInt8], _ filled: inout Int, _ taken: Int) throws(CommandError) {
        let rest = filled - taken
        buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress, rest > 0 else { return }
            memmove(base, base + taken, rest)
        }
        filled = rest
        guard filled == buffer.count else { return }
        guard buffer.count < 64 << 20 else { throw CommandError("a line is longer than 64 MiB") }
        buffer += [UInt8](repeating: 0, count: buffer.count)
    }

    /// Reads once behind what is there: 0 at the end, -1 after Ctrl-C.
    private func read(
        _ buffer: inout [UInt8], from start: Int, _ idle: (() throws(CommandError) -> Void)?
    ) throws(CommandError) -> Int {
        while true {
            if let idle {
                let isReady = source.isReady(within: Self.idleTime)
                guard clusterip_is_interrupted() == 0 else {
                    isInterrupted = true
                    return -1
                }
                guard isReady else {
                    try idle()
                    continue
                }
            }
            let count = buffer.withUnsafeMutableBytes { bytes in
                source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
            }
            if count >= 0 { return count }
            guard errno == EINTR else { throw CommandError(SystemError("read the \(what)").description) }
            if clusterip_is_interrupted() != 0 {
                isInterrupted = true
                return -1
            }
        }
    }
}

/// Where a `BlockReader` reads from.
protocol ByteSource: AnyObject {
    /// Reads once: how many bytes came, 0 at the end, -1 with `errno` when none could be read or a signal came.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int

    /// Whether something, or the end, is there within so many milliseconds.
    func isReady(within milliseconds: Int32) -> Bool

    /// Why what was read is not all; nil when it is.
    var failure: String? { get }
}

extension ByteSource {
    /// Always, unless a source can tell.
    func isReady(within milliseconds: Int32) -> Bool { true }

    /// Nothing is known to be lacking.
    var failure: String? { nil }
}

/// A file or standard input, unpacked when gzip or zstd has packed it.
final class DescriptorSource: ByteSource {
    private var descriptor: Int32
    private let isOwner: Bool
    private var hasBegun = false
    private var unpacker = clusterip_unpacker()
    private(set) var failure: String?

    /// A source that closes the descriptor at its end if it is the owner's.
    init(_ descriptor: Int32, isOwner: Bool) {
        self.descriptor = descriptor
        self.isOwner = isOwner
    }

    deinit {
        if isOwner || descriptor != STDIN_FILENO { close(descriptor) }
        if unpacker.program > 0 { clusterip_end_unpacking(&unpacker, 1) }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if !hasBegun, count > 0 {
            hasBegun = true
            return begin(buffer, count)
        }
        if count == 0, unpacker.program > 0, clusterip_end_unpacking(&unpacker, 0) != 0 {
            failure = "unpacking it failed"
        }
        return count
    }

    func isReady(within milliseconds: Int32) -> Bool {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, milliseconds) != 0
    }

    /// Goes on with what a program unpacks when the first bytes are packed.
    private func begin(_ buffer: UnsafeMutableRawBufferPointer, _ count: Int) -> Int {
        let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard let program = clusterip_unpacking_program(start, count) else { return count }
        let plain = clusterip_unpack(program, descriptor, start, count, &unpacker)
        guard plain >= 0 else { return -1 }
        if isOwner { close(descriptor) }
        descriptor = plain
        return Glibc.read(descriptor, buffer.baseAddress, buffer.count)
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
