import LinuxNode

/// The user data that nftables keeps beside its objects: a list of type, length and value, one byte each for the first two.
///
/// nft shows the entry of type "comment" as the object's comment. Source: libnftnl's udata.h.
enum UserData {
    /// The comment's type beside a rule and beside an element.
    private static let comment: UInt8 = 0
    /// The comment's type beside a set.
    private static let setComment: UInt8 = 7

    /// What nft 1.0.6 itself writes for `typeof meta cpu`, a plain number in host byte order.
    ///
    /// That is byte order of the key (type 0), then the key's expression (type 3), which is `meta` (9) with the key `cpu` (20). A set whose key is typed by
    /// `jhash` would crash that nft when it lists the ruleset.
    private static let numberKey: [UInt8] = [0, 4, 1, 0, 0, 0, 3, 14, 0, 4, 9, 0, 0, 0, 1, 6, 0, 4, 20, 0, 0, 0]

    /// User data for a rule or an element.
    static func comment(_ text: String) -> [UInt8] { entry(comment, text) }

    /// The same with the key `mark`, for a set of connections' marks.
    private static let markKey = numberKey.map { $0 == 20 ? 3 : $0 }

    /// User data for a set of bucket numbers, or of marks.
    static func bucketSet(comment text: String?, isOfMarks: Bool = false) -> [UInt8] {
        (isOfMarks ? markKey : numberKey) + (text.map { entry(setComment, $0) } ?? [])
    }

    /// The comment in the user data of a rule or an element.
    static func comment(in bytes: UnsafeRawBufferPointer) -> String? { text(comment, in: bytes) }

    /// The comment in the user data of a set.
    static func setComment(in bytes: UnsafeRawBufferPointer) -> String? { text(setComment, in: bytes) }

    private static func entry(_ type: UInt8, _ text: String) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(254)) + [0]
        return [type, UInt8(bytes.count)] + bytes
    }

    private static func text(_ type: UInt8, in bytes: UnsafeRawBufferPointer) -> String? {
        var rest = bytes[...]
        while rest.count >= 2 {
            let value = rest.dropFirst(2).prefix(Int(rest[rest.startIndex + 1]))
            if rest[rest.startIndex] == type { return UnsafeRawBufferPointer(rebasing: value).text }
            rest = rest[value.endIndex...]
        }
        return nil
    }
}
