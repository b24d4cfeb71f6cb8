import AgentProtocol
import ClusterModel
import Glibc
import NodeAgent
import Reactor
import SimulatedNodes

extension FuzzTarget {
    /// What a console sends: whole lines of calls, served by the real server over a pipe; the first byte decides whether the
    /// agent may change its node.
    static let agent = FuzzTarget("agent", "a stream of calls to an agent", limit: 16_384) { bytes in
        guard let first = bytes.first else { return }
        let driver = Fixtures.driver(owning: [1, 2, 3, 4, 5])
        let isReadOnly = first & 1 == 1
        let before = driver.generation
        serve(Fixtures.agent(driver, isReadOnly: isReadOnly), Array(bytes.dropFirst()))
        require(!isReadOnly || driver.generation == before, "a read-only agent changed its node")
    }

    private static func serve(_ agent: Agent, _ bytes: [UInt8]) {
        var ends: [Int32] = [0, 0]
        require(pipe(&ends) == 0, "no pipe")
        let sink = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { for descriptor in [ends[0], sink] { close(descriptor) } }
        // A pipe holds 64 KiB, more than the longest input.
        require(write(ends[1], bytes, bytes.count) == bytes.count, "the pipe is full")
        close(ends[1])
        do throws(SystemError) {
            try AgentServer(agent: agent, reactor: Reactor(), input: ends[0], output: sink).run()
        } catch { preconditionFailure(error.description) }
    }
}
