import ClusterModel
import FoundationEssentials
import Responsibility

/// One JSON-RPC 2.0 message, one line.
public enum AgentFrame: Hashable, Sendable {
    /// A call with its number, from the console to the agent.
    case call(Int, AgentCall)
    /// A call that cannot be carried out as it stands: no such method, or a parameter missing.
    case unusableCall(Int, AgentFailure)
    /// The answer to the call of that number; number nil when the call was not even readable.
    case answer(Int?, Result<AgentResult, AgentFailure>)
    /// A sample of a running watch.
    case sample(WireSample)
    /// The agent is there, and its next sample takes a while.
    case alive

    /// The frame as one line of JSON, with its newline.
    public func line() -> [UInt8] { StepLine.line(self) ?? codedLine() }

    /// The same by the JSON coder, for every frame.
    func codedLine() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        encoder.userInfo[BucketSet.asText] = true
        let data = (try? encoder.encode(self)) ?? Data()
        return data + [UInt8(ascii: "\n")]
    }

    /// Reads one line, with or without its newline.
    ///
    /// - Parameters:
    ///   - isReadOnly: Whether calls that change a node are refused unread, as unusable ones.
    ///   - limit: The most bytes that a line may have beside its counters.
    /// - Throws: `AgentFailure` with the JSON-RPC number that fits.
    public init(line: some Sequence<UInt8>, isReadOnly: Bool = false, limit: Int = .max) throws(AgentFailure) {
        let line = Array(line)
        guard line.count > Self.longLine else {
            self = try Self.read(line, isReadOnly)
            return
        }
        let runs = line.withUnsafeBufferPointer(CounterRuns.init)
        guard runs.rest.count <= limit else {
            throw AgentLimits.malformed("a line of \(runs.rest.count) bytes beside counters; \(limit) are possible")
        }
        self = try Self.read(runs.rest, isReadOnly).restoring(runs.runs)
    }

    /// From so many bytes on, counters are read by themselves.
    private static let longLine = 16_384

    private static func read(_ line: [UInt8], _ isReadOnly: Bool) throws(AgentFailure) -> AgentFrame {
        if !isReadOnly, let frame = StepLine.frame(line) { return frame }
        return try readCoded(line, isReadOnly)
    }

    /// Reads a line by the JSON coder.
    static func readCoded(_ line: [UInt8], _ isReadOnly: Bool = false) throws(AgentFailure) -> AgentFrame {
        let decoder = JSONDecoder()
        decoder.userInfo[readOnlyKey] = isReadOnly
        do {
            return try decoder.decode(AgentFrame.self, from: Data(line))
        } catch {
            throw AgentFailure(number: -32700, message: "a line that is no JSON-RPC message: \(brief(error))")
        }
    }

    /// Reads a step and writes its answer for nobody, so that the first real one finds the coders' code and tables at hand;
    /// worth it for who is about to be in a hurry.
    public static func rehearseStep() {
        let change = StepRequest.Change(bucket: 1, from: .owned, to: .draining, by: "")
        let step = StepRequest(operation: "none", address: IPAddress(0, 0, 0, 0), changes: [change])
        _ = try? AgentFrame(line: AgentFrame.call(1, .apply(step)).line())
        _ = try? AgentFrame(line: AgentFrame.answer(1, .success(.step(.applied))).line())
    }

    static let readOnlyKey = CodingUserInfoKey(rawValue: "read_only")!

    static func brief(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "not JSON" }
        let context: DecodingError.Context? =
            switch error {
            case .dataCorrupted(let context): context
            case .keyNotFound(_, let context): context
            case .typeMismatch(_, let context): context
            case .valueNotFound(_, let context): context
            @unknown default: nil
            }
        let path = context?.codingPath.map(\.stringValue).joined(separator: ".") ?? ""
        return ((path.isEmpty ? "" : path + ": ") + (context?.debugDescription ?? "not JSON")).madeSafe(limit: 200)
    }
}
