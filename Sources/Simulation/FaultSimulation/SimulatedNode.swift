import AgentProtocol
import ClusterModel
import NodeAgent
import NodeDriver
import SimulatedNodes

/// A node of a run: its kernel, and the agents that consoles have started on it.
final class SimulatedNode {
    let name: String
    private(set) var driver: SimulatedDriver
    private(set) var isUp = true
    /// Grows whenever the counters begin anew.
    private(set) var incarnation = 0
    var isPaused = false
    private(set) var isPartitioned = false
    /// Somebody flushed the table, and the address is still there.
    private var isFlushed = false
    var agents: [SimulatedAgent] = []
    private var heldBack: [() -> Void] = []
    /// When the node's clock showed nothing, in nanoseconds of the run; nodes were booted before it began.
    private var bootedAt = Int64(-3_600_000_000_000)
    private unowned let world: SimulatedWorld
    /// What enforces ownership there.
    let kind: SimulatedKind

    init(name: String, kind: SimulatedKind, world: SimulatedWorld, owned: BucketSet) throws(DriverError) {
        self.name = name
        self.kind = kind
        self.world = world
        driver = kind.driver
        equip()
        if kind == .table {
            try driver.install(world.configuration, owned: owned)
        } else {
            try driver.commitForeignInstallation(world.configuration, owned: owned)
        }
    }

    private func equip() {
        driver.newInstallation = { [unowned world] in world.nextInstallation() }
        driver.onAnnouncement = { [unowned self] _ in
            if world.interception?.announces(name) != false { world.neighbours.hear(from: self) }
        }
        driver.forgets = { [unowned self] in world.interception?.forgets(name) != false }
        guard kind != .table else { return }
        driver.setBootMark(world.nextInstallation())
        driver.dies = { [unowned world] in world.killsInTheMiddle() }
    }

    /// What the kernel holds; nil when the node is down or no member.
    var held: (ownership: Ownership, operations: [Int: String])? {
        isUp ? driver.held(for: world.configuration.address) : nil
    }

    /// Whether the node carries the cluster address without a table.
    var isBare: Bool { isUp && isFlushed && held == nil }

    /// Sets what the node's own clock shows now.
    func setClock() {
        driver.monotonicNanoseconds = UInt64(Int64(world.clock.time) - bootedAt)  // bounded: booted before now
    }

    func powerOff() {
        isUp = false
        isPaused = false
        for agent in agents { agent.die(.init(.network, .exited(status: 255), words: "the host is gone")) }
        agents = []
        world.checker.needsCheck = true
    }

    /// The node comes back: a member that owns nothing, or no member until somebody joins it.
    func boot(isMember: Bool = true) {
        driver = kind.driver
        equip()
        bootedAt = Int64(world.clock.time)
        isUp = true
        isFlushed = false
        if isMember { install() } else { incarnation += 1 }
        world.checker.needsCheck = true
    }

    /// Becomes a member again that owns nothing.
    func install() {
        incarnation += 1
        world.checker.needsCheck = true
        guard kind == .table else {
            try? driver.commitForeignInstallation(world.configuration, owned: [])
            return
        }
        try? driver.install(world.configuration, owned: [])
        try? driver.enroll(world.configuration.address, adding: world.nodes.map(\.name), removing: [])
    }

    /// The node has left; what it counts later begins anew.
    func tableIsGone() {
        incarnation += 1
        isFlushed = false
    }

    func flush() {
        incarnation += 1
        world.checker.needsCheck = true
        if kind == .table {
            try? driver.uninstall(world.configuration.address)
        } else {
            driver.commitForeignRemoval(of: world.configuration.address)
        }
        isFlushed = kind == .table
    }

    func resume() {
        isPaused = false
        for agent in agents { agent.readInbox() }
    }

    func partition() { isPartitioned = true }

    func heal() {
        isPartitioned = false
        let frames = heldBack
        heldBack = []
        frames.forEach { $0() }
    }

    /// Lets a frame through, or keeps it while the node is cut off.
    func pass(_ frame: @escaping () -> Void) {
        if isPartitioned { heldBack.append(frame) } else { frame() }
    }
}
