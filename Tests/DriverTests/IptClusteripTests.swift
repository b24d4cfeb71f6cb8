import ClusterModel
import Glibc
import IptClusterip
import LegacyNode
import LinuxNode
import NodeDriver
import Responsibility
import Testing

@testable import PacketRules

/// The driver of the target CLUSTERIP over the model of its kernel, which is held against a real one's transcript.
@Suite struct IptClusteripTests {
    /// The files of the model's kernel.
    private final class ModelFiles: ClusterFiles {
        var node = LegacyNode(kernel: LegacyKernel(LinuxVersion(6, 1)), interfaces: ["eth0"])
        /// What is called before each write, as another program that is quicker.
        var beforeWrite: (inout LegacyNode) -> Void = { _ in }
        /// The number of the write that fails, from 1, and how.
        var failing: (number: Int, errno: Int32)?
        private(set) var writes: [String] = []

        func addresses() -> [IPv4Address]? { node.files.isEmpty ? nil : node.files }

        func read(_ address: IPv4Address) throws(KernelError) -> String {
            do throws(KernelErrno) { return try node.read(address) } catch { throw KernelError(number: error.rawValue) }
        }

        func write(_ text: String, to address: IPv4Address) throws(KernelError) {
            beforeWrite(&node)
            writes.append(text)
            if let failing, failing.number == writes.count { throw KernelError(number: failing.errno) }
            do throws(KernelErrno) { try node.write(Array(text.utf8), to: address) } catch {
                throw KernelError(number: error.rawValue)
            }
        }
    }

    private static let address = IPv4Address(10, 8, 0, 1)
    private static let target = ClusterTarget(
        mac: MACAddress(number: 0x0100_5e00_0020), bucketCount: 4, mode: .sourceIP, seed: 7)

    /// A driver over the model, with one rule in filter INPUT that began with bucket 1.
    private final class Node {
        let files = ModelFiles()
        let directory = "/tmp/clusterip-notes-\(UInt64.random(in: .min ... .max))"
        let driver: IptClusteripDriver
        var before: [PacketRule] = []

        init(target: ClusterTarget = IptClusteripTests.target, marks: [MarkedFlow] = []) throws {
            let rule = try LegacyRule(
                arguments:
                    "-A INPUT -d 10.8.0.1 -i eth0 -j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5e:00:00:20 --total-nodes 4 --local-node 1 --hash-init 7"
                    .split(separator: " ").map(String.init))
            try files.node.append(rule)
            var own = PacketRule(
                [
                    .destination(AddressRange(.v4(IptClusteripTests.address)), isNegated: false),
                    .interface("eth0", isPrefix: false, isNegated: false),
                ], .pass)
            own.target = target
            let rules = [own]
            driver = IptClusteripDriver(
                try LinuxProbe(),
                tables: {
                    [
                        RuleTable(
                            .legacy, .v4, "filter",
                            chains: [RuleChain("INPUT", hook: .init(.input, priority: 0), rules: rules)])
                    ]
                }, files: files, notes: StepNotes(directory: directory), kernel: LinuxVersion(6, 1),
                marks: { _ in marks })
        }

        deinit { _ = try? shell("rm -rf \(directory)") }

        func owned() throws -> BucketSet { try driver.sample().clusters[0].ownership.accepting }

        func step(
            _ operation: String, _ changes: [(Int, BucketState?, BucketState?)], by: String? = nil
        ) throws -> StepOutcome {
            try driver.apply(
                StepRequest(
                    operation: operation, address: .v4(IptClusteripTests.address),
                    changes: changes.map { .init(bucket: $0.0, from: $0.1, to: $0.2, by: by) }))
        }

        func mark(_ bucket: Int) throws -> String? {
            try driver.operations(of: .v4(IptClusteripTests.address))[bucket]
        }
    }

    @Test func settingsComeFromTheRuleAndOwnershipFromTheFile() throws {
        let node = try Node()
        try node.files.node.write(Array("+3\n".utf8), to: Self.address)
        let sample = try #require(try node.driver.sample().clusters.first)
        #expect(sample.ownership == Ownership(owned: [1, 3]) && sample.driver == "ipt_CLUSTERIP")
        #expect(
            sample.configuration.scheme
                == .clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 7, generation: .lookup3)))
        #expect(sample.configuration.mac == Self.target.mac && sample.configuration.interface == "eth0")
        #expect(sample.counters.isEmpty && sample.alterations.isEmpty)
    }

    /// A distribution's kernel may have another jhash than its version says: the marks that it wrote prove which.
    @Test func marksProveAnotherJhashThanTheVersionSays() throws {
        let real = Placement(mode: .sourceIP, bucketCount: 4, seed: 7, generation: .lookup3WithoutLength)
        let marks = (1...100).map { index in
            let flow = Flow(
                transport: .tcp, source: IPv4Address(10, 9, 0, UInt8(index)), sourcePort: 20_000,
                destination: Self.address, destinationPort: 80)
            return MarkedFlow(flow: flow, mark: UInt32((try? HashScheme.clusterIP(real).bucket(of: flow)) ?? 0))
        }
        let node = try Node(marks: marks)
        _ = try node.driver.sample()
        let second = try #require(try node.driver.sample().clusters.first)
        #expect(second.proof == MarkProof(marks: 100, agreeing: 100) && second.configuration.scheme == .clusterIP(real))
    }

    @Test func bucketsAreMovedByTheFileOneByOne() throws {
        let node = try Node()
        #expect(try node.step("op-1", [(1, .owned, nil), (2, nil, .owned), (4, nil, .owned)]) == .applied)
        #expect(node.files.writes == ["-1\n", "+2\n", "+4\n"])
        #expect(try node.owned() == [2, 4])
        #expect(try node.mark(2) == "op-1" && node.mark(1) == "op-1")
        #expect(OperationMark(parsing: try node.mark(3) ?? "")?.isInstallation == true)
        // The same request again, and one that expects what is no more.
        #expect(try node.step("op-1", [(1, .owned, nil), (2, nil, .owned), (4, nil, .owned)]) == .applied)
        #expect(node.files.writes.count == 3)
        #expect(
            try node.step("op-2", [(2, nil, .owned)])
                == .refused([.init(bucket: 2, expected: nil, found: .owned, writtenBy: "op-1")]))
    }

    /// A guard writes its mark and changes nothing; a late copy of an older claim no longer fits.
    @Test func aLateRequestFindsAnotherMark() throws {
        let node = try Node()
        let first = try #require(try node.mark(2))
        #expect(try node.step("op-1-guard", [(2, nil, nil)]) == .applied)
        #expect(node.files.writes.isEmpty)
        guard case .refused = try node.step("op-0", [(2, nil, .owned)], by: first) else {
            Issue.record("a late claim was carried out")
            return
        }
        #expect(try node.step("op-1", [(2, nil, .owned)], by: "op-1-guard") == .applied)
        #expect(try node.step("op-2", [(2, .owned, nil)], by: "op-1") == .applied)
        guard case .refused = try node.step("op-1", [(2, nil, .owned)], by: "op-1-guard") else {
            Issue.record("a claim was carried out twice")
            return
        }
        #expect(try node.owned() == [1])
    }

    /// ENOMEM for what is owned already, and ENOENT for what is not, is what was wanted when another was quicker.
    @Test func whoeverWasQuickerIsNoError() throws {
        let node = try Node()
        node.files.beforeWrite = { try? $0.write(Array("+2\n".utf8), to: Self.address) }
        #expect(try node.step("op-1", [(2, nil, .owned)]) == .applied)
        node.files.beforeWrite = { try? $0.write(Array("-2\n".utf8), to: Self.address) }
        #expect(try node.step("op-2", [(2, .owned, nil)]) == .applied)
        #expect(try node.owned() == [1])
    }

    @Test(arguments: [(EACCES, FailureCode.notPermitted), (EIO, .kernel), (ENOENT, .notFound)])
    func aWriteThatFailsLeavesTheNodeAsItWas(_ errno: Int32, _ code: FailureCode) throws {
        let node = try Node()
        node.files.failing = (2, errno)
        let error = #expect(throws: DriverError.self) {
            _ = try node.step("op-1", [(1, .owned, nil), (3, nil, .owned)])
        }
        #expect(error?.code == code)
        #expect(try node.owned() == [1])
        // The notes know by the state that nothing was changed.
        #expect(OperationMark(parsing: try node.mark(1) ?? "")?.isInstallation == true)
        node.files.failing = nil
        #expect(try node.step("op-1", [(1, .owned, nil), (3, nil, .owned)]) == .applied)
        #expect(try node.owned() == [3] && node.mark(3) == "op-1")
    }

    /// An agent that is killed between note and write has not changed the bucket; between write and answer, it has.
    @Test func aKilledAgentLeavesNotesThatTheStateExplains() throws {
        let node = try Node()
        let notes = StepNotes(directory: node.directory)
        let address = IPAddress.v4(Self.address)
        try notes.locked(address) { () throws(DriverError) in
            try notes.begin(
                [.init(bucket: 2, from: nil, to: .owned)], by: "op-9", of: address, total: 4, owned: [1])
        }
        #expect(OperationMark(parsing: try node.mark(2) ?? "")?.isInstallation == true)
        try node.files.node.write(Array("+2\n".utf8), to: Self.address)
        #expect(try node.mark(2) == "op-9")
    }

    @Test func anAgentThatHoldsTheLockIsWaitedForAndThenToldOf() throws {
        let node = try Node()
        let notes = StepNotes(directory: node.directory)
        try notes.locked(.v4(Self.address)) { () throws(DriverError) in
            let error = #expect(throws: DriverError.self) { _ = try node.step("op-1", [(2, nil, .owned)]) }
            #expect(error?.code == .busy)
        }
        #expect(try node.step("op-1", [(2, nil, .owned)]) == .applied)
    }

    @Test func whatNothingTellsIsSaid() throws {
        let none = IptClusteripDriver(
            try LinuxProbe(), tables: { [] }, files: try Node().files, notes: StepNotes(directory: "/tmp"),
            kernel: nil)
        #expect(throws: DriverError.self) { try none.sample() }
        let many = try Node(
            target: ClusterTarget(mac: Self.target.mac, bucketCount: 64, mode: .sourceIP, seed: 0))
        #expect(throws: DriverError.self) { try many.driver.sample() }
    }

    /// What a real Linux 6.1 answered to each write, and what its file held then, in their order.
    private final class TranscriptFiles: ClusterFiles {
        struct Entry {
            let text: String
            let isDone: Bool
            let now: String
        }

        private(set) var entries: [Entry] = []
        private var now = "1\n"

        init() throws {
            let path = #filePath.replacing(
                "DriverTests/IptClusteripTests.swift", with: "ResponsibilityTests/Data/legacy-kernel-transcript.txt")
            let lines = ProcFile.lines(path)
            for (line, answer) in zip(lines, lines.dropFirst()) {
                let words = line.split(separator: "'", omittingEmptySubsequences: false)
                guard line.hasPrefix("$ printf"), words.count == 5, let list = answer.firstRange(of: "now: ") else {
                    continue
                }
                entries.append(
                    Entry(
                        text: String(words[3]), isDone: answer.hasPrefix("[exit 0]"),
                        now: String(answer[list.upperBound...]) + "\n"))
            }
        }

        /// The next write, when it is one that the driver makes.
        func next() -> (bucket: Int, owns: Bool)? {
            guard let entry = entries.first, let bucket = Int(entry.text.dropFirst()),
                entry.text == "+\(bucket)" || entry.text == "-\(bucket)"
            else { return nil }
            return (bucket, entry.text.first == "+")
        }

        func skip() { now = entries.removeFirst().now }
        func addresses() -> [IPv4Address]? { [IptClusteripTests.address] }
        func read(_ address: IPv4Address) throws(KernelError) -> String { now }

        func write(_ text: String, to address: IPv4Address) throws(KernelError) {
            let entry = entries.removeFirst()
            #expect(text == entry.text + "\n")
            now = entry.now
            if !entry.isDone { throw KernelError(number: text.first == "+" ? ENOMEM : ENOENT) }
        }
    }

    @Test func theTranscriptOfARealKernelIsUnderstood() throws {
        let files = try TranscriptFiles()
        var understood = 0
        while !files.entries.isEmpty {
            guard let (bucket, owns) = files.next() else {
                files.skip()
                continue
            }
            let now = files.entries[0].now
            let holds = now.split(whereSeparator: { $0 == "," || $0 == "\n" }).contains("\(bucket)") == owns
            let error: DriverError?
            do throws(DriverError) {
                try files.set(bucket, owned: owns, of: Self.address)
                error = nil
            } catch let refusal { error = refusal }
            #expect((error == nil) == holds && (holds || error?.code == .notFound), "\(bucket) \(owns) \(now)")
            understood += 1
        }
        #expect(understood >= 10)
    }

    /// The model's kernel, in every order of writes that can be.
    @Test func theModelsAnswersAreUnderstood() throws {
        let node = try Node()
        for bucket in 0...5 {
            for owns in [true, false, true] {
                let before = try node.owned()
                let exists = (1...4).contains(bucket)
                do throws(DriverError) {
                    try node.files.set(bucket, owned: owns, of: Self.address)
                    #expect(exists || !owns)
                } catch { #expect(error.code == .notFound && !exists && owns) }
                let expected = owns ? before.union([bucket]) : before.subtracting([bucket])
                #expect(try node.owned() == (exists ? expected : before))
            }
        }
    }
}
