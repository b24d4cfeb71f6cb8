import ClusterModel

/// A step as its JSON text, written without a coder: a step of a large plan has tens of thousands of changes, each of which
/// takes the coder ten microseconds.
enum StepText {
    /// The text that the coder writes for a step, byte for byte; nil when one of its texts is the coder's to write.
    static func text(of step: StepRequest) -> String? {
        var text = "{\"address\":\"\(step.address)\""
        if let count = step.bucketCount { text += ",\"bucketCount\":\(count)" }
        text += ",\"changes\":["
        text.reserveCapacity(100 * step.changes.count + 200)
        var mark: (text: String?, isPlain: Bool) = (nil, true)
        for (index, change) in step.changes.enumerated() {
            if change.by != mark.text { mark = (change.by, isPlain(change.by ?? "")) }
            guard mark.isPlain else { return nil }
            text += index == 0 ? "{\"bucket\":" : ",{\"bucket\":"
            text += String(change.bucket)
            put("by", change.by, in: &text)
            put("from", change.from?.rawValue, in: &text)
            put("to", change.to?.rawValue, in: &text)
            text += "}"
        }
        guard isPlain(step.operation) else { return nil }
        text += "]"
        put("operation", step.operation, in: &text)
        return text + "}"
    }

    private static func put(_ name: StaticString, _ value: String?, in text: inout String) {
        guard let value else { return }
        text += ",\""
        text += name.description
        text += "\":\""
        text += value
        text += "\""
    }

    /// Whether every byte stands for itself between quotation marks.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
}
