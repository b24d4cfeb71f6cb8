import AgentProtocol
import NodeLinks
import TestSupport

/// A link on which somebody tampers with every so many messages of the agent: as bytes, as a wire has them.
public final class TamperingLink: AgentLink {
    private let link: any AgentLink
    private let share: Int
    private var random: SplitMix
    private var kept: AgentFrame?

    /// A link over another one; of so many messages one is tampered with, lost, repeated or kept back.
    public init(_ link: any AgentLink, oneIn share: Int = 4, seed: UInt64) {
        self.link = link
        self.share = share
        random = SplitMix(seed: seed)
    }

    /// Opens the link beneath.
    public func open(_ handler: @escaping (LinkEvent) -> Void) {
        link.open { [self] event in
            guard case .frame(let frame) = event, Int.random(in: 0..<share, using: &random) == 0 else {
                return handler(event)
            }
            tamper(frame).forEach(handler)
        }
    }

    /// Sends a frame as it is.
    public func send(_ frame: AgentFrame) { link.send(frame) }

    /// Closes the link beneath.
    public func close() { link.close() }

    private func tamper(_ frame: AgentFrame) -> [LinkEvent] {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return []
        case 1: return [.frame(frame), .frame(frame)]
        case 2:
            defer { kept = frame }
            return (kept.map { [.frame($0)] } ?? []) + [.frame(frame)]
        default:
            let kind = Tampering.Kind.allCases.randomElement(using: &random) ?? .byte
            let tampering = Tampering(kind, seed: random.next())
            return [Self.event(tampering.apply(Array(frame.line().dropLast())))]
        }
    }

    /// What a link makes of a line.
    public static func event(_ line: [UInt8]) -> LinkEvent {
        do throws(AgentFailure) { return .frame(try AgentFrame(line: line)) } catch { return .garbage(error) }
    }
}
