import ClusterModel
import Planning

/// What was typed behind a command's name means nothing; the sentence says what would.
struct ArgumentError: Error, Hashable, Sendable {
    var text: String
    /// Whether there are too few words or too many, so that the sentence ends in how all of it is written.
    var needsSyntax = false

    init(_ text: String, needsSyntax: Bool = false) {
        self.text = text
        self.needsSyntax = needsSyntax
    }
}

/// A kind of word that may follow a command's name: how it is written in the help, read, and completed.
struct Parameter<Value: Sendable>: Sendable {
    /// How the help writes it: "NODE".
    let syntax: String
    /// Takes the words that it needs from the front, at least one of which is there unless it is optional.
    let read: @Sendable (inout ArraySlice<String>, ConsoleState) throws(ArgumentError) -> Value
    /// What Tab offers for it.
    let choices: @Sendable (ConsoleState) -> [String]

    init(
        _ syntax: String, choices: @escaping @Sendable (ConsoleState) -> [String] = { _ in [] },
        read: @escaping @Sendable (inout ArraySlice<String>, ConsoleState) throws(ArgumentError) -> Value
    ) {
        self.syntax = syntax
        self.choices = choices
        self.read = read
    }

    /// A parameter that is one word.
    static func word(
        _ syntax: String, choices: @escaping @Sendable (ConsoleState) -> [String] = { _ in [] },
        read: @escaping @Sendable (String, ConsoleState) throws(ArgumentError) -> Value
    ) -> Self {
        Self(syntax, choices: choices) { words, console throws(ArgumentError) in
            guard let word = words.popFirst() else { throw ArgumentError("\(syntax) is missing", needsSyntax: true) }
            return try read(word, console)
        }
    }

    /// A parameter that may be missing.
    static func optional<Wrapped>(_ parameter: Parameter<Wrapped>) -> Self where Value == Wrapped? {
        Self("[\(parameter.syntax)]", choices: parameter.choices) { words, console throws(ArgumentError) in
            words.isEmpty ? nil : try parameter.read(&words, console)
        }
    }

    /// One word of a few.
    ///
    /// - Parameter syntax: how the help writes it; nil: all of the words.
    static func choice(_ all: [(word: String, value: Value)], of what: String, syntax: String? = nil) -> Self {
        let words = all.map(\.word)
        return .word(syntax ?? words.joined(separator: "|"), choices: { _ in words }) { word, _ throws(ArgumentError) in
            guard let found = all.first(where: { $0.word == word }) else {
                throw ArgumentError("\"\(word)\" is no \(what): \(words.joined(separator: ", "))")
            }
            return found.value
        }
    }
}

extension Parameter<String> {
    /// All that is typed, as one text.
    static func text(_ syntax: String) -> Self {
        Self(syntax) { words, _ in
            defer { words = [] }
            return words.joined(separator: " ")
        }
    }

    /// The name of one of the cluster's nodes.
    static let node = word("NODE", choices: { $0.shownNodes.map(\.name) }) { word, console throws(ArgumentError) in
        let names = console.shownNodes.map(\.name)
        guard names.contains(word) else {
            throw ArgumentError("no node is called \"\(word)\": \(names.joined(separator: ", "))")
        }
        return word
    }
}

extension Parameter<BucketSet> {
    /// Buckets of the cluster: "3,7-9".
    static func buckets(_ syntax: String = "BUCKETS") -> Self {
        .word(syntax) { word, console throws(ArgumentError) in
            do { return try BucketSet(parsing: word, total: max(console.totalBuckets, 1)) } catch {
                throw ArgumentError("\(error)")
            }
        }
    }
}

extension Parameter<MoveMode> {
    /// How the old owners give up their buckets.
    static let mode = choice(MoveMode.allCases.map { ($0.rawValue, $0) }, of: "mode")
    /// How a live node gives up its buckets.
    static let drainMode = choice([("graceful", .graceful), ("immediate", .immediate)], of: "mode")
}

extension Parameter<ExportFormat> {
    /// The format of a file.
    static let format = choice(ExportFormat.allCases.map { ($0.rawValue, $0) }, of: "format")
}

/// What may follow a command's name: its parameters, and what is done with what they read.
struct Arguments: Sendable {
    /// How the help writes it: "BUCKETS NODE [MODE]".
    private(set) var syntax: String
    /// Reads the words once; what comes back does it.
    let read: @Sendable ([String], ConsoleState) throws(ArgumentError) -> Command.Action
    /// What Tab offers for each word; the last stands for all that follow.
    let choices: [@Sendable (ConsoleState) -> [String]]

    /// One parameter.
    init<A>(_ a: Parameter<A>, action: @escaping @Sendable (inout ConsoleState, A) -> [Effect]) {
        self.init(a.syntax, [a.choices]) { words, console throws(ArgumentError) in
            let first = try a.read(&words, console)
            return { action(&$0, first) }
        }
    }

    /// Two parameters.
    init<A, B>(
        _ a: Parameter<A>, _ b: Parameter<B>, action: @escaping @Sendable (inout ConsoleState, A, B) -> [Effect]
    ) {
        self.init("\(a.syntax) \(b.syntax)", [a.choices, b.choices]) { words, console throws(ArgumentError) in
            let (first, second) = (try a.read(&words, console), try b.read(&words, console))
            return { action(&$0, first, second) }
        }
    }

    /// Three parameters.
    init<A, B, C>(
        _ a: Parameter<A>, _ b: Parameter<B>, _ c: Parameter<C>,
        action: @escaping @Sendable (inout ConsoleState, A, B, C) -> [Effect]
    ) {
        self.init("\(a.syntax) \(b.syntax) \(c.syntax)", [a.choices, b.choices, c.choices]) {
            words, console throws(ArgumentError) in
            let (first, second) = (try a.read(&words, console), try b.read(&words, console))
            let third = try c.read(&words, console)
            return { action(&$0, first, second, third) }
        }
    }

    private init(
        _ syntax: String, _ choices: [@Sendable (ConsoleState) -> [String]],
        read: @escaping @Sendable (inout ArraySlice<String>, ConsoleState) throws(ArgumentError) -> Command.Action
    ) {
        self.syntax = syntax
        self.choices = choices
        self.read = { words, console throws(ArgumentError) in
            var rest = words[...]
            do throws(ArgumentError) {
                let action = try read(&rest, console)
                guard let extra = rest.first else { return action }
                throw ArgumentError("\"\(extra)\" is one word too many", needsSyntax: true)
            } catch {
                throw error.needsSyntax ? ArgumentError("\(error.text): write \(syntax)") : error
            }
        }
    }
}

extension Arguments {
    /// The same, which may be left out: "[NODE]".
    var optional: Arguments {
        var arguments = self
        arguments.syntax = "[\(syntax)]"
        return arguments
    }
}
