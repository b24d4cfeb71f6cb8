import Glibc
import Responsibility
import Testing

@testable import FlowReading

/// The quick ways load more bytes than a line has; none of them may lie behind the block.
@Suite struct FastLinesEndTests {
    /// Calls a body with the bytes of a text at the end of a page behind which nothing may be read.
    private static func atTheEdge(_ text: String, _ body: (UnsafeRawBufferPointer) -> Void) throws {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let mapped = mmap(nil, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        let memory = try #require(mapped == MAP_FAILED ? nil : mapped)
        defer { munmap(memory, 2 * page) }
        try #require(mprotect(memory + page, page, PROT_NONE) == 0)
        let bytes = UnsafeMutableRawBufferPointer(start: memory + page - text.utf8.count, count: text.utf8.count)
        bytes.copyBytes(from: text.utf8)
        body(UnsafeRawBufferPointer(bytes))
    }

    @Test(arguments: FastLines.hasVectors ? [true, false] : [false])
    func nothingBehindABlockIsRead(vectors: Bool) throws {
        let longest = "tcp 255.255.255.255:65535 -> 255.255.255.255:65535\n"
        for line in [
            longest, "udp 1.1.1.1:1 -> 1.1.1.1:1\n", "tcp 1.1.1.1111111111111111111111111111111:1 -> ", "tcp ",
        ] {
            for rest in 0...160 {
                try Self.atTheEdge(line + String(repeating: "7", count: rest)) { block in
                    var batch = FlowBatch()
                    _ = batch.appendFastLines(of: block, from: 0, vectors: vectors)
                    #expect(batch.count <= 1)
                }
            }
        }
    }
}
