import Canvas
import ClusterModel
import Responsibility

/// The Flow screen: a flow is typed, and stands there with its bucket, its node and the arithmetic.
struct FlowScreen: Screen {
    static let title = "Flow"
    static let help = "Show who answers a flow"

    /// What is typed.
    var line = InputLine()
    /// Whether keys go to the line.
    private(set) var isTyping = false
    /// What the cluster does with the flow that is typed; nil while nothing is, or nothing was heard.
    private(set) var answer: FlowAnswer?
    /// The flow the nodes were asked about.
    private(set) var asked: Flow?
    /// Their replies; nil until they come.
    private(set) var replies: [FlowConnection]?

    static let arguments: Arguments? = Arguments(.text("tcp SOURCE:PORT [DEST:PORT]")) { console, text in
        console.editFlow { $0 = InputLine(text) }
        console.flow.isTyping = false
        console.screen = .flow
        return []
    }.optional

    static let words: [HelpWord] = [.bucket, .owner, .jhash, .draining, .adopted, .orphan]

    static let commands: [Command] = [
        .enlarge,
        Command(
            "edit", title: "type", "Type a flow, or the buckets of the plan", .view, [.character("i"), .enter],
            footer: 1
        ) {
            $0.flow.isTyping = true
            return []
        },
        Command(
            "ask", title: "ask nodes", "Ask every node's connection tracking for the flow", .view, [.character("a")],
            footer: 2, unless: { $0.flow.answer?.verdict == nil ? "type a flow with its ports first" : nil }
        ) { $0.askNodes() },
    ]

    mutating func arrange(_ console: ConsoleState) {
        answer = console.snapshot.flatMap { line.isEmpty ? nil : FlowAnswer(line.text, snapshot: $0) }
    }

    /// Changes the line, and forgets what was answered about another flow.
    fileprivate mutating func edit(_ change: (inout InputLine) -> Void) {
        let before = line.text
        change(&line)
        guard line.text != before else { return }
        asked = nil
        replies = nil
    }

    /// Notes a flow that the nodes are asked about.
    fileprivate mutating func ask(_ flow: Flow) {
        asked = flow
        replies = nil
    }

    /// Takes the nodes' replies, unless another flow was typed since.
    mutating func take(_ replies: [FlowConnection], about flow: Flow) {
        if asked == flow { self.replies = replies }
    }

    /// What a node replied.
    func reply(_ node: String) -> FlowConnection? { replies?.first { $0.node == node } }

    static func take(_ input: Input, _ console: inout ConsoleState) -> [Effect]? {
        switch input {
        case .text(let text):
            console.flow.isTyping = true
            console.editFlow { $0.insert(text) }
            return []
        case .key(let key):
            return console.flow.isTyping ? type(key, &console) : nil
        }
    }

    /// Keys in the line; nil for those that it leaves to the key map.
    private static func type(_ key: Key, _ console: inout ConsoleState) -> [Effect]? {
        switch key {
        case .escape: console.flow.isTyping = false
        case .enter:
            console.flow.isTyping = false
            return console.askNodes()
        case .up, .down, .pageUp, .pageDown: break
        default:
            var isEdited = false
            console.editFlow { isEdited = $0.edit(key) }
            return isEdited ? [] : nil
        }
        return []
    }

    func typingKeys() -> [(key: String, title: String)]? {
        isTyping ? [("Enter", "ask nodes"), ("Esc", "done"), ("Ctrl-U", "clear"), ("Tab", "next")] : nil
    }

    func selection(_ console: ConsoleState) -> Selection {
        guard let verdict = answer?.verdict, let snapshot = console.snapshot else {
            return Selection(text: line.text)
        }
        let owner = verdict.owner.map { snapshot.nodes[$0].name } ?? "none"
        return Selection(buckets: [verdict.bucket], text: "\(line.text) bucket \(verdict.bucket) owner \(owner)")
    }

    func draw(_ body: Rect, _ painter: inout Painter) { painter.flow(self, in: body) }

    static func back(_ console: inout ConsoleState) {}
}

/// What one node's connection tracking says about a flow.
public struct FlowConnection: Hashable, Sendable {
    /// The node.
    public var node: String
    /// What it says: "established, 240 s left", "none".
    public var text: String
    /// Whether the node has the connection.
    public var isKnown: Bool

    /// A reply from its parts.
    public init(node: String, text: String, isKnown: Bool) {
        self.node = node
        self.text = text
        self.isKnown = isKnown
    }
}

extension ScreenID {
    static let flow = FlowScreen.id
}

extension ConsoleState {
    /// The Flow screen.
    var flow: FlowScreen {
        get { screens[FlowScreen.self] }
        set { screens[FlowScreen.self] = newValue }
    }

    /// Changes what is typed, and works out its answer.
    fileprivate mutating func editFlow(_ change: (inout InputLine) -> Void) {
        flow.edit(change)
        self.change(.flow) { $0.arrange($1) }
    }

    fileprivate mutating func askNodes() -> [Effect] {
        guard let verdict = flow.answer?.verdict else { return [] }
        flow.ask(verdict.flow)
        return [.askConnections(verdict.flow)]
    }
}
