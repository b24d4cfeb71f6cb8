import CNetfilter
import LinuxNode

extension Rule {
    /// Makes libnftnl's object for the rule, with its comment, which the caller frees; nil when there is no memory for it.
    func make() -> OpaquePointer? {
        guard let object = nftnl_rule_alloc() else { return nil }
        for expression in expressions {
            guard let made = expression.make() else {
                nftnl_rule_free(object)
                return nil
            }
            nftnl_rule_add_expr(object, made)
        }
        let userData = UserData.comment(comment)
        nftnl_rule_set_data(object, UInt16(NFTNL_RULE_USERDATA.rawValue), userData, UInt32(userData.count))
        return object
    }

    /// The rule in libnftnl's words.
    var text: RuleText {
        guard let object = make() else { return RuleText(comment: comment, steps: []) }
        defer { nftnl_rule_free(object) }
        return RuleText(object)
    }
}

/// A rule in the words that libnftnl has for it, ours or as the kernel dumps it; equal rules have equal words.
struct RuleText: Hashable {
    /// The comment; nil when there is none.
    var comment: String?
    /// One line for each expression, such as `hash reg 2 = jhash(reg 1, 8, 0x2a) % mod 16 offset 1`.
    var steps: [String]

    /// A text from its parts.
    init(comment: String?, steps: [String]) {
        self.comment = comment
        self.steps = steps
    }

    /// The words for libnftnl's object of a rule.
    init(_ rule: OpaquePointer) {
        var length: UInt32 = 0
        if let data = nftnl_rule_get_data(rule, UInt16(NFTNL_RULE_USERDATA.rawValue), &length) {
            comment = UserData.comment(in: UnsafeRawBufferPointer(start: data, count: Int(length)))
        }
        steps = []
        guard let iterator = nftnl_expr_iter_create(rule) else { return }
        defer { nftnl_expr_iter_destroy(iterator) }
        while let expression = nftnl_expr_iter_next(iterator) { steps.append(Self.words(expression)) }
    }

    /// What kind of expression, and what it does; the counters of a foreign `counter` do not belong to the rule.
    private static func words(_ expression: OpaquePointer) -> String {
        let name = String(cString: nftnl_expr_get_str(expression, UInt16(NFTNL_EXPR_NAME)))
        guard name != "counter" else { return name }
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer -> String in
            buffer.initialize(repeating: 0)
            nftnl_expr_snprintf(buffer.baseAddress, buffer.count, expression, UInt32(NFTNL_OUTPUT_DEFAULT.rawValue), 0)
            return UnsafeRawBufferPointer(buffer).text
        }
        return "\(name) \(name == "dynset" ? withoutNoTimeout(text) : text)".trimmingSpaces
    }

    /// The words without a timeout of nothing, which the kernel shows also where none was asked for.
    private static func withoutNoTimeout(_ text: String) -> String {
        var words = text.split(separator: " ", omittingEmptySubsequences: false)
        if let place = words.firstIndex(of: "0ms"), place > 0, words[place - 1] == "timeout" {
            words.removeSubrange(place - 1...place)
        }
        return words.joined(separator: " ")
    }
}

extension String {
    /// The text without spaces at its end.
    var trimmingSpaces: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
