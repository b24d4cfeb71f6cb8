import Canvas

/// The help of a screen, made from the list of commands and from what the screen draws.
enum HelpText {
    /// A row of the help.
    enum Row: Hashable {
        case heading(String)
        /// A sign, and what it stands for.
        case sign(SignWord)
        /// What is pressed or read, and what it does or means.
        case entry(label: String, help: String)

        /// What a search looks through.
        fileprivate var texts: [String] {
            switch self {
            case .heading: []
            case .sign(let sign): [sign.words]
            case .entry(let label, let help): [label, help]
            }
        }
    }

    /// What applies to a screen and has the words looked for, under its headings.
    static func rows(for console: ConsoleState, query: String = "") -> [Row] {
        let filter = TextFilter(query)
        return sections(console).flatMap { heading, rows in
            let found = rows.filter { filter.matches($0.texts) }
            return found.isEmpty ? [] : [.heading(heading)] + found
        }
    }

    private static func sections(_ console: ConsoleState) -> [(String, [Row])] {
        let screen = type(of: console.screens[console.screen])
        let commands = CommandTable.commands(on: console.screen)
        var sections: [(String, [Row])] = []
        for group in [Command.Group.view, .change, .panes, .movement, .screens, .program] {
            let rows = commands.filter { $0.group == group }.map {
                Row.entry(label: console.keys.label(of: $0), help: $0.help)
            }
            sections.append((group == .view ? screen.title : group.rawValue, rows))
        }
        sections.insert(("Words of this screen", screen.words.map { .entry(label: $0.name, help: $0.meaning) }), at: 1)
        return sections + [("Signs", SignWord.all.map(Row.sign))]
    }
}

/// A word of the screens that is not an everyday one.
struct HelpWord: Hashable, Sendable {
    var name: String
    var meaning: String

    private init(_ name: String, _ meaning: String) {
        self.name = name
        self.meaning = meaning
    }

    static let bucket = HelpWord("bucket", "a share of all clients: a hash puts each of their flows into one")
    static let owner = HelpWord(
        "owner", "the node that answers a bucket; every bucket has one, or its clients get nothing")
    static let arrived = HelpWord("arrived", "what reached a node; every packet reaches every node")
    static let accepted = HelpWord("accepted", "what a node let in, because it owns the bucket")
    static let replied = HelpWord("replied", "what its host sent back; not every packet wants a reply")
    static let draining = HelpWord("draining", "the node keeps the connections that it has, and takes no new ones")
    static let adopted = HelpWord(
        "adopted", "the node takes all of a dead node's bucket, and resets connections it does not know")
    static let settle = HelpWord("settle", "to end draining and adopting, when nobody needs them any more")
    static let orphan = HelpWord("orphan", "a bucket that no node owns: its clients get no answer")
    static let conflict = HelpWord("conflict", "a bucket that two nodes own: its clients get two answers")
    static let guardTable = HelpWord("guard", "keeps a node silent as long as the table with its buckets is missing")
    static let ownMAC = HelpWord("own MAC", "the network card's address; MAC, ARP and ADDR tell of the cluster's")
    static let graceful = HelpWord("graceful", "old owners keep the connections that they have")
    static let immediate = HelpWord("immediate", "old owners drop them: clients are cut off and come again")
    static let takeOver = HelpWord(
        "take over", "what a dead node owned goes to others; never of a node that may still answer")
    static let operation = HelpWord("operation", "a plan that is carried out, under an id of its own")
    static let cutOff = HelpWord("cut off", "its console ended in the middle; c plans the rest, u the way back")
    static let remedy = HelpWord("remedy", "what ends a finding: Enter opens its plan, where a plan can")
    static let ruleset = HelpWord(
        "ruleset", "the packet filter's rules in a node's kernel; who else changed them is told")
    static let jhash = HelpWord(
        "jhash", "the kernel's hash function; seed and number of buckets are the cluster's settings")
}
