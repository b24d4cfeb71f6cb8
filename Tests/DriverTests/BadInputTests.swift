import ClusterModel
import NodeDriver
import Responsibility
import Testing

/// Every bad value gets one sentence that names it and says what would be right, and changes nothing.
@Suite struct BadInputTests {
    struct Install: Sendable, CustomTestStringConvertible {
        var configuration: ClusterConfiguration
        var owned: BucketSet = []
        var code = FailureCode.badValue
        var sentence: String
        var testDescription: String { sentence }
    }

    static let installs = [
        Install(
            configuration: .example(interface: "eth7"),
            sentence: "There is no interface eth7 on this node; there are "),
        Install(
            configuration: .example(interface: "a b"),
            sentence: "An interface's name has 1 to 15 printable characters without space, slash, quote and star."),
        Install(
            configuration: .example(bucketCount: 0), sentence: "0 is not a number of buckets; it must be 1 to 65536."),
        Install(
            configuration: .example(bucketCount: 65_537),
            sentence: "65537 is not a number of buckets; it must be 1 to 65536."),
        Install(
            configuration: .example(mac: MACAddress(number: 0x0200_5e00_0020)),
            sentence: "The cluster MAC 02:00:5e:00:00:20 is not a multicast address; the second hex digit must be odd"),
        Install(
            configuration: .example(mac: MACAddress(number: .max)),
            sentence: "The cluster MAC ff:ff:ff:ff:ff:ff is not a multicast address"),
        Install(
            configuration: .example(prefixLength: 33),
            sentence: "/33 is not a prefix length for 10.8.0.1; it must be 1 to 32."),
        Install(
            configuration: .example(address: IPAddress(224, 0, 0, 1)),
            sentence: "224.0.0.1 cannot be a cluster address; it must be a unicast IPv4 address, such as 10.8.0.1."),
        Install(
            configuration: .example(), owned: [3, 17],
            sentence: "Bucket 17 does not exist; this cluster has the buckets 1 to 16."),
    ]

    @Test(arguments: Rig.Kind.allCases, installs)
    func installRefuses(_ kind: Rig.Kind, _ install: Install) throws {
        try Rig.run(kind) { rig in
            let before = try rig.fingerprint()
            let error = #expect(throws: DriverError.self) {
                try rig.driver.install(install.configuration, owned: install.owned)
            }
            #expect(error?.code == install.code)
            #expect(error?.message.hasPrefix(install.sentence) == true, "\(error?.message ?? "no error")")
            #expect(try rig.fingerprint() == before)
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func aSecondInstallationIsRefused(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            try rig.driver.install(.example(), owned: [1])
            let before = try rig.fingerprint()
            let sentence = "The cluster address 10.8.0.1 is installed here already; uninstall it first."
            #expect(throws: DriverError(.alreadyExists, sentence)) { try rig.driver.install(.example(), owned: [2]) }
            #expect(try rig.fingerprint() == before)
        }
    }

    struct Step: Sendable, CustomTestStringConvertible {
        var operation = "op-1"
        var buckets: [Int]
        var sentence: String
        var testDescription: String { sentence }
    }

    static let steps = [
        Step(buckets: [0], sentence: "Bucket 0 does not exist; this cluster has the buckets 1 to 16."),
        Step(buckets: [1, 17], sentence: "Bucket 17 does not exist; this cluster has the buckets 1 to 16."),
        Step(buckets: [.min], sentence: "Bucket -9223372036854775808 does not exist"),
        Step(buckets: [2, 1, 2], sentence: "Bucket 2 appears twice in the step op-1; once is right."),
        Step(buckets: [], sentence: "The step op-1 changes nothing; it must name at least one bucket."),
        Step(operation: "", buckets: [1], sentence: "An operation's id must be 1 to 64 letters, digits and hyphens."),
        Step(
            operation: "a\u{1b}[2J", buckets: [1],
            sentence: "An operation's id must be 1 to 64 letters, digits and hyphens."),
        Step(
            operation: String(repeating: "a", count: 65), buckets: [1],
            sentence: "An operation's id must be 1 to 64 letters, digits and hyphens."),
    ]

    @Test(arguments: Rig.Kind.allCases, steps)
    func applyRefuses(_ kind: Rig.Kind, _ step: Step) throws {
        try Rig.run(kind) { rig in
            try rig.driver.install(.example(), owned: [])
            let before = try rig.fingerprint()
            let changes = step.buckets.map { StepRequest.Change(bucket: $0, from: nil, to: .owned) }
            let error = #expect(throws: DriverError.self) {
                try rig.driver.apply(.init(operation: step.operation, address: Traffic.cluster, changes: changes))
            }
            #expect(error?.code == .badValue)
            #expect(error?.message.hasPrefix(step.sentence) == true, "\(error?.message ?? "no error")")
            #expect(try rig.fingerprint() == before)
        }
    }
}
