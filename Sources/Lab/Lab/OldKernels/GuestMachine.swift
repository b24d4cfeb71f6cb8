import ClusterModel
import Glibc
import Reactor
import Responsibility

/// A node's own kernel: Linux as a program or on an emulated machine, in the network namespace of this process.
///
/// Its root is this machine's, read-only, so that every program here runs there, too. It is the second process of a process
/// namespace: were the kernel killed without its namespace, its programs would run on here.
final class GuestMachine {
    /// So long, in seconds, the kernel may take until it takes commands.
    private static let startLimit = 60.0

    private let number: Int
    private let release: KernelRelease
    private let directory: String
    private let process: ChildProcess

    /// Boots the kernel of a node numbered from 1, whose `eth0` is there, and returns when it takes commands.
    ///
    /// - Parameter directory: the lab's, below which the node has one of its own.
    init(number: Int, release: KernelRelease, directory: String) throws(LabError) {
        self.number = number
        self.release = release
        self.directory = Self.directory(of: number, in: directory)
        mkdir("\(directory)/\(LabNetwork.nodeName(number))", 0o700)
        mkdir(self.directory, 0o700)
        try Self.write("modprobe", in: self.directory, "exec \(KernelRelease.modprobe) -d \(release.modules) \"$@\"")
        // A Swift program learns its arguments from /proc.
        let program = ShellWord.quoted(ProcessFacts.executable() ?? "")
        try Self.write("init", in: self.directory, "mount -t proc proc /proc && exec \(program) lab-guest")
        try Tool.ip(Self.wiring)
        do throws(SystemError) {
            process = try ChildProcess(
                arguments: Self.arguments(number, release, self.directory), errorOutput: .inherited,
                endsWithProgram: true)
        } catch { throw LabError("the lab \(error.description); it is in the Debian package util-linux") }
        try awaitCommands()
    }

    private static func write(
        _ name: String, in directory: String, _ script: String
    ) throws(LabError) {
        try LabDirectory.replace("\(directory)/\(name)", with: Array("#!/bin/sh\n\(script)\n".utf8))
        chmod("\(directory)/\(name)", 0o700)
    }

    private static func directory(of number: Int, in lab: String) -> String {
        "\(lab)/\(LabNetwork.nodeName(number))/machine"
    }

    /// Ends this process when the kernel ends, in whatever way.
    func endProgram(with reactor: Reactor) throws(SystemError) {
        try reactor.watch(process.exitDescriptor) { _ in
            StandardStreams.complain("the kernel of node\(self.number) ended; see \(self.directory)/console")
            exit(1)
        }
    }

    /// Runs a command on the node to its end.
    ///
    /// - Throws: a sentence with the first line of its standard error.
    func run(_ words: [String], input: String = "") throws(LabError) {
        try Tool.run(try GuestCommand.arguments(words), input: input, origin: "it belongs beside this program")
    }

    /// The node's wire, and another by which commands come; what is sent to `eth0` is the kernel's.
    private static let wiring = [
        "link add wire type bridge mcast_snooping 0 stp_state 0 forward_delay 0", "link set wire up",
        "link set \(LabNetwork.interface) master wire", "tuntap add tap0 mode tap", "link set tap0 master wire up",
        "tuntap add tap1 mode tap", "address add \(GuestCommand.hostAddress)/24 dev tap1", "link set tap1 up",
    ]

    private static func arguments(
        _ number: Int, _ release: KernelRelease, _ directory: String
    ) -> [String] {
        let own = [
            "NODE=\(LabNetwork.nodeName(number))", "NUMBER=\(number)", "MODPROBE=\(directory)/modprobe",
        ]
        return [
            "sh", "-c", "exec \"$@\" < /dev/null > \"$0\" 2>&1", directory + "/console", "unshare", "--pid", "--fork",
            "--kill-child=KILL", "--mount-proc", "sh", "-c", "\"$@\"; exit $?", "guest",
        ] + (release.isEmulated ? emulator(number, release, directory, own) : program(number, release, directory) + own)
    }

    /// Linux as a program.
    private static func program(_ number: Int, _ release: KernelRelease, _ directory: String) -> [String] {
        [
            release.kernel, "mem=192M", "uml_dir=\(directory)/", "rootfstype=hostfs", "rootflags=/", "ro",
            "init=\(directory)/init", "con=null", "con0=null,fd:1", "ssl=null", "quiet", "loglevel=1",
            "vec0:transport=tap,ifname=tap0,depth=128,gro=1,mac=\(LabNetwork.mac(of: LabNetwork.nodeAddress(number)))",
            "vec1:transport=tap,ifname=tap1,mac=\(LabNetwork.mac(of: GuestCommand.address))",
        ]
    }

    /// A machine of which every instruction is translated: no virtualization is asked of the processor.
    private static func emulator(
        _ number: Int, _ release: KernelRelease, _ directory: String, _ own: [String]
    ) -> [String] {
        let line = [
            "console=ttyS0", "quiet", "loglevel=1", "panic=-1", "mitigations=off", "nokaslr", "random.trust_cpu=1",
            "no_timer_check", "audit=0", "selinux=0", "apparmor=0", "INIT=\(directory)/init",
        ]
        let macs = [LabNetwork.nodeAddress(number), GuestCommand.address].map(LabNetwork.mac)
        return [
            KernelRelease.emulator, "-M", "pc", "-accel", "tcg,thread=single,tb-size=128", "-cpu", "max", "-m", "512",
            "-smp", "1", "-nodefaults", "-no-user-config", "-no-reboot", "-nographic", "-serial", "stdio",
            "-kernel", release.kernel, "-initrd", release.initialRoot, "-append", (line + own).joined(separator: " "),
            "-virtfs", "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap",
        ]
            + macs.indices.flatMap { index in
                [
                    "-netdev", "tap,id=wire\(index),ifname=tap\(index),script=no,downscript=no",
                    "-device", "virtio-net-pci,netdev=wire\(index),mac=\(macs[index])",
                ]
            }
    }

    private func awaitCommands() throws(LabError) {
        let end = Reactor.now + UInt64(Self.startLimit * 1e9)
        while Reactor.now < end {
            if let connection = GuestCommand.connect(milliseconds: 100) {
                close(connection)
                return
            }
            guard process.reap() == nil else { break }
            usleep(30_000)
        }
        let said = String(decoding: LabDirectory.contents(of: directory + "/console"), as: UTF8.self)
        let line = said.split(separator: "\n").last.map { ": " + String($0).madeSafe(limit: 200) } ?? ""
        throw LabError("Linux \(release.rawValue) of \(LabNetwork.nodeName(number)) did not come up\(line)")
    }
}
