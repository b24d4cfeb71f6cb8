/// The agent's side of a link, free of any input or output: frames go in, frames come out.
public protocol AgentEndpoint: AnyObject {
    /// Whether calls that change the node are refused; who reads frames need not read those.
    var isReadOnly: Bool { get }

    /// Answers one frame.
    func receive(_ frame: AgentFrame) -> [AgentFrame]

    /// The answers are on their way: does what could wait until then.
    func answered()

    /// The interval of the running watch in milliseconds; nil when none runs.
    var watchInterval: Int? { get }

    /// The next sample of the running watch.
    func tick() -> [AgentFrame]
}

extension AgentEndpoint {
    /// An agent that says nothing of it reads everything.
    public var isReadOnly: Bool { false }

    /// Nothing waits, unless an agent says so.
    public func answered() {}
}
