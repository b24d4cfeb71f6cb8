/// Why a node is not heard, or not heard in time.
///
/// What other programs said, such as ssh or sudo, is classified once, by the link that read it; their words are kept for
/// people, made safe.
public enum LinkFailure: Hashable, Sendable {
    /// The program that carries the link to the agent could not be started, or ended.
    case ended(Ending)
    /// The agent does not read what is sent to it.
    case notReading
    /// The agent sent a line without end.
    case endlessLine
    /// The agent sent something that is no message, or none that can be right, for this reason.
    case unreadable(String)
    /// The agent speaks another protocol than this program.
    case otherProtocol(agent: Int, console: Int)
    /// The agent says that it cannot watch its node, for this reason.
    case refused(FailureCode?, String)
    /// The driver of the cluster address cannot say anything of it; the agent answers.
    case driver(DriverFailure)
    /// Nothing was heard for so many seconds: the agent or its link hangs.
    case silent(seconds: Int)
    /// No sample came for so many seconds.
    case late(seconds: Int)

    /// How the program that carried the link ended.
    public struct Ending: Hashable, Sendable {
        /// What was in the way.
        public var cause: Cause
        /// How the program ended.
        public var end: End
        /// The last words of the programs on the way; nil when they had none.
        public var words: String?

        /// An ending from its parts.
        public init(_ cause: Cause, _ end: End, words: String? = nil) {
            self.cause = cause
            self.end = end
            self.words = words
        }
    }

    /// The end of a process, as far as it was seen.
    public enum End: Hashable, Sendable {
        /// It could not be started.
        case notStarted
        /// It ended by itself.
        case exited(status: Int)
        /// A signal ended it.
        case killed(signal: Int)
        /// It closed its output and runs on.
        case outputClosed
    }

    /// What stands between this program and an agent.
    public enum Cause: Hashable, Sendable, CaseIterable {
        /// ssh does not know the node's host key, or it is another than before.
        case hostKey
        /// ssh was not let in.
        case login
        /// There is no host of this name.
        case hostName
        /// Nothing listens at the ssh port.
        case noListener
        /// The network to the node is down, or the node is.
        case network
        /// sudo asks for a password, or forbids the agent.
        case sudoRule
        /// There is no sudo.
        case noSudo
        /// There is no agent.
        case noAgent
        /// The process that holds the node's network namespace is gone.
        case noNamespace
        /// The kernel does not permit it.
        case notPermitted
        /// A disk is full.
        case diskFull
        /// Nobody said.
        case unknown
    }
}
