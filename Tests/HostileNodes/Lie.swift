import AgentProtocol
import ClusterModel
import Responsibility

/// What a node of ill will does in well-formed messages; each lie is told from the first answer on.
public enum Lie: String, CaseIterable, Sendable {
    /// Every bucket is its own.
    case claimsAll = "claims-all"
    /// It owns nothing, whatever it has.
    case claimsNothing = "claims-nothing"
    /// Its buckets are in all states at once.
    case claimsTwice = "claims-twice"
    /// Its counters go back at every other sample.
    case countersBack = "counters-back"
    /// Its counters stand at the largest number there is.
    case countersFull = "counters-full"
    /// Nothing reaches it in its own buckets, and what is others' does.
    case deafForItsOwn = "deaf-for-its-own"
    /// Its clock goes back at every other sample.
    case clockBack = "clock-back"
    /// Its clock leaps an hour at every sample.
    case clockLeaps = "clock-leaps"
    /// Its clock stands still.
    case clockStands = "clock-stands"
    /// It says that it is another node's host, and the same machine.
    case otherName = "other-name"
    /// It says that steps are applied, and does nothing.
    case appliesNothing = "applies-nothing"
    /// It refuses every step, with marks that nobody wrote.
    case refusesAll = "refuses-all"
    /// It answers calls with another call's result.
    case answersOtherwise = "answers-otherwise"
    /// It keeps each answer back until the next one goes out first.
    case reorders
    /// It answers every call twice, and calls that nobody made.
    case answersTwice = "answers-twice"
    /// It answers nothing but the watch.
    case answersNothing = "answers-nothing"
    /// Its marks are other operations'.
    case marksOfOthers = "marks-of-others"
    /// It counts the most connections that can be.
    case connectionsFull = "connections-full"
    /// It places flows otherwise than all others.
    case otherScheme = "other-scheme"
    /// As many addresses and buckets as one node may have.
    case hugeSettings = "huge-settings"
    /// Names that command terminals and shells.
    case commandsTerminals = "commands-terminals"
    /// A hundred samples in place of one.
    case floodsSamples = "floods-samples"
    /// A hundred failures of no call beside each sample.
    case floodsFailures = "floods-failures"
}

/// An agent that does what it is asked, and lies about it.
public final class LyingAgent: AgentEndpoint {
    /// Escape, the string terminator, CSI in C1, a right-to-left override, an invisible operator, a command.
    public static let hostileText = "\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{2062}$(id)"

    private let agent: any AgentEndpoint
    private let lie: Lie
    private let other: String
    private var samples: UInt64 = 0
    private var kept: [AgentFrame] = []
    private var buckets = 16
    private var own = BucketSet()

    /// An agent that tells a lie; the name is that of the node it may pretend to be.
    public init(_ agent: any AgentEndpoint, _ lie: Lie, other: String = "node1") {
        self.agent = agent
        self.lie = lie
        self.other = other
    }

    /// The interval of the running watch in milliseconds; nil when none runs.
    public var watchInterval: Int? { agent.watchInterval }

    /// Answers one frame.
    public func receive(_ frame: AgentFrame) -> [AgentFrame] {
        if lie == .answersNothing, case .call(_, let call) = frame, call.method != "watch" { return [] }
        if lie == .appliesNothing, case .call(let number, .apply) = frame {
            return [.answer(number, .success(.step(.applied)))]
        }
        if lie == .refusesAll, case .call(let number, .apply(let step)) = frame { return refuse(number, step) }
        return tell(agent.receive(frame))
    }

    /// The next sample of the running watch.
    public func tick() -> [AgentFrame] { tell(agent.tick()) }

    private func refuse(_ number: Int, _ step: StepRequest) -> [AgentFrame] {
        let mismatches = step.changes.map {
            StepOutcome.Mismatch(bucket: $0.bucket, expected: $0.from, found: .adopted, writtenBy: "op-nobody")
        }
        return [.answer(number, .success(.step(.refused(mismatches))))]
    }

    private func tell(_ frames: [AgentFrame]) -> [AgentFrame] {
        let told = frames.flatMap(twist)
        guard lie == .reorders else { return told }
        defer { kept = told.filter { if case .answer = $0 { true } else { false } } }
        return told.filter { if case .sample = $0 { true } else { false } } + kept
    }

    private func twist(_ frame: AgentFrame) -> [AgentFrame] {
        switch frame {
        case .sample(let sample): twist(sample)
        case .answer(let number, .success(let result)): twist(number, result)
        case .answer, .call, .unusableCall, .alive: [frame]
        }
    }

    private func twist(_ number: Int?, _ result: AgentResult) -> [AgentFrame] {
        var result = result
        switch (lie, result) {
        case (.otherName, .identity(var identity)):
            (identity.host, identity.machine) = (other, "machine-of-\(other)")
            result = .identity(identity)
        case (.commandsTerminals, .identity(var identity)):
            (identity.host, identity.kernel, identity.version) = (Self.hostileText, Self.hostileText, Self.hostileText)
            identity.drivers = Array(
                repeating: DriverDescription(Self.hostileText, Capabilities(counters: [], abilities: [])), count: 100)
            result = .identity(identity)
        case (.marksOfOthers, .operations(let marks)): result = .operations(marks.mapValues { _ in "op-other-guard" })
        case (.connectionsFull, .connections):
            result = .connections(Dictionary(uniqueKeysWithValues: (1...65_536).map { ($0, Int(UInt32.max)) }))
        case (.answersOtherwise, .operations): result = .connections([1: 1])
        case (.answersOtherwise, _): result = .operations([1: "op-1"])
        case (.answersTwice, _):
            return [
                .answer(number, .success(result)), .answer(number, .success(result)),
                .answer((number ?? 0) + 1000, .success(result)),
            ]
        default: break
        }
        return [.answer(number, .success(result))]
    }

    private func twist(_ sample: WireSample) -> [AgentFrame] {
        var sample = sample
        samples += 1
        let isOdd = samples % 2 == 1
        switch lie {
        case .clockBack: sample.time = isOdd ? sample.time : sample.time - min(sample.time, 3_600_000_000_000)
        case .clockLeaps: sample.time = sample.time &+ samples &* 3_600_000_000_000
        case .clockStands: sample.time = 1_000_000_000
        case .hugeSettings: sample.clusters += Self.manyClusters(sample.clusters.first)
        case .floodsSamples:
            return (0..<100).map { _ in
                sample.time += 1
                return .sample(sample)
            }
        case .floodsFailures:
            return [.sample(sample)]
                + (0..<100).map { _ in .answer(nil, .failure(AgentFailure(message: Self.hostileText))) }
        default: for index in sample.clusters.indices { twist(&sample.clusters[index], isOdd) }
        }
        return [.sample(sample)]
    }

    private func twist(_ cluster: inout WireSample.Cluster, _ isOdd: Bool) {
        if let configuration = cluster.configuration { buckets = configuration.bucketCount }
        if let ownership = cluster.ownership { own = ownership.accepting }
        let (buckets, own) = (buckets, own)
        func counters(_ numbers: (UInt64) -> [UInt64]) -> [UInt64?] {
            (1...UInt64(buckets)).flatMap { [$0] + numbers($0) }
        }
        switch lie {
        case .claimsAll: cluster.ownership = Ownership(owned: BucketSet(1...buckets))
        case .claimsNothing: cluster.ownership = Ownership()
        case .claimsTwice:
            let all = BucketSet(1...buckets)
            cluster.ownership = Ownership(owned: all, draining: all, adopted: all)
        case .countersBack: cluster.counters = counters { _ in Array(repeating: isOdd ? 1_000_000 : 10, count: 4) }
        case .countersFull: cluster.counters = counters { _ in Array(repeating: .max, count: 4) }
        case .deafForItsOwn:
            cluster.counters = counters {
                own.contains(Int($0)) ? [0, 0, 0, 0] : [samples * 100, samples * 6000, 0, 0]
            }
        case .connectionsFull: cluster.connections = AgentLimits.connections
        case .otherScheme:
            cluster.configuration?.scheme = .clusterIP(
                Placement(mode: .sourceIP, bucketCount: UInt32(buckets), seed: 666))
        case .commandsTerminals:
            cluster.configuration?.name = Self.hostileText
            cluster.configuration?.interface = "$(id)"
            cluster.driver = Self.hostileText
            cluster.alterations = Array(
                repeating: .ruleForeign(.init(.ip, Self.hostileText), rule: Self.hostileText), count: 500)
        default: break
        }
    }

    private static func manyClusters(_ example: WireSample.Cluster?) -> [WireSample.Cluster] {
        guard let example, let configuration = example.configuration else { return [] }
        return (1...2).map { number in
            var cluster = example
            cluster.address = IPAddress(10, 9, 0, UInt8(number))
            var other = configuration
            other.address = cluster.address
            other.scheme = .clusterIP(Placement(mode: .sourceIP, bucketCount: number == 1 ? 65_536 : 65_000, seed: 1))
            cluster.configuration = other
            return cluster
        }
    }
}
