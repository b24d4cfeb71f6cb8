import Planning
import TestSupport
import Testing

@testable import Journal

@Suite("Locks of operations")
struct OperationLocksTests {
    @Test("a lock is taken once, seen by all, and free when given back")
    func taken() throws {
        try TestDirectory.run { directory in
            let (first, second) = (
                OperationLocks(path: directory.path + "/l"), OperationLocks(path: directory.path + "/l")
            )
            #expect(first.isIdle && !first.isHeld(1))
            #expect(first.take(1, for: "a") && !second.take(1, for: "b"))
            #expect(first.take(1, for: "a"), "its own is free for it")
            #expect(first.isHeld(1) && second.isHeld(1) && !second.isHeld(2))
            #expect(!first.isIdle && second.isIdle)
            first.release(for: "b")
            #expect(second.isHeld(1))
            first.release(for: "a")
            #expect(first.isIdle && second.take(1, for: "b"))
        }
    }

    @Test("what one operation took is given back together, and nothing else")
    func together() throws {
        try TestDirectory.run { directory in
            let locks = OperationLocks(path: directory.path + "/l")
            #expect(locks.take(1, for: "a") && locks.take(2, for: "a") && locks.take(3, for: "b"))
            locks.release(for: "a")
            #expect([1, 2, 3].map { locks.isHeld($0) } == [false, false, true])
        }
    }

    @Test("locks end with their holder, and looking at them ends none")
    func ended() throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/l"
            var holder: OperationLocks? = OperationLocks(path: path)
            #expect(holder?.take(1, for: "a") == true)
            for _ in 0..<3 { #expect(OperationLocks(path: path).isHeld(1)) }
            holder = nil
            #expect(!OperationLocks(path: path).isHeld(1))
        }
    }

    @Test("where no file can be made no lock is taken")
    func nowhere() {
        let locks = OperationLocks(path: "/none/l")
        #expect(!locks.take(1, for: "a") && !locks.isHeld(1) && locks.isIdle)
    }
}
