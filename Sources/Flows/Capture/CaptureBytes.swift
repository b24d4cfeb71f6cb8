import CLinux
import Glibc

/// The bytes of a capture as they are read: from a file or a pipe, unpacked when gzip or zstd has packed them.
final class CaptureBytes {
    private var descriptor: Int32
    private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    private var unpacker = clusterip_unpacker()
    private var end = 0
    private var isOver = false
    /// The bytes that were passed over.
    private(set) var passed = 0
    /// Why no more could be read; nil at the end of the input.
    private(set) var failure: String?

    /// Opens a file, or takes standard input for "-".
    ///
    /// - Throws: `CaptureError` when it cannot be opened, or what unpacks it cannot be started.
    init(path: String) throws(CaptureError) {
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CaptureError("the capture \(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        let start = refill(passing: 0, need: 4)
        let bytes = start.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard let program = clusterip_unpacking_program(bytes, start.count) else { return }
        let plain = clusterip_unpack(program, descriptor, bytes, start.count, &unpacker)
        guard plain >= 0 else {
            throw CaptureError("the capture \(path) is packed, and \(String(cString: program)) cannot be started")
        }
        close()
        (descriptor, end, isOver) = (plain, 0, false)
    }

    deinit {
        let isEarly = !isOver
        close()
        if unpacker.program > 0 { clusterip_end_unpacking(&unpacker, isEarly ? 1 : 0) }
        buffer.deallocate()
    }

    /// Passes over so many bytes of the last window; returns the next window, which has at least `need` bytes
    /// unless the input ends before.
    func refill(passing count: Int, need: Int) -> UnsafeRawBufferPointer {
        pass(count)
        if need > buffer.count { grow(to: need) }
        while end < need, !isOver { readOnce() }
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<end])
    }

    private func pass(_ count: Int) {
        let count = min(count, end)
        passed &+= count
        end -= count
        if count > 0, end > 0, let base = buffer.baseAddress { memmove(base, base + count, end) }
    }

    private func grow(to size: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<end]))
        buffer.deallocate()
        buffer = larger
    }

    private func readOnce() {
        guard let base = buffer.baseAddress else { return }
        let count = read(descriptor, base + end, buffer.count - end)
        if count > 0 {
            end += count
        } else if count == 0 {
            isOver = true
            failure = failureOfUnpacking()
        } else if errno != EINTR {
            isOver = true
            failure = String(cString: strerror(errno))
        }
    }

    /// What the program that unpacks has to complain of.
    private func failureOfUnpacking() -> String? {
        guard unpacker.program > 0 else { return nil }
        switch clusterip_end_unpacking(&unpacker, 0) {
        case 0: return nil
        case 127: return "the program that unpacks it is not installed"
        case let status: return "unpacking it failed with status \(status)"
        }
    }

    private func close() {
        if descriptor > STDERR_FILENO { Glibc.close(descriptor) }
    }
}
