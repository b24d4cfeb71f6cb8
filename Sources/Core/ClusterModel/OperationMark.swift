/// What stands beside an ownership element in a kernel: the operation that wrote it, and in which role.
///
/// One operation may put the same bucket of a node into two states, one after the other; each state needs a mark of its
/// own. A plan knows states from samples and asks for marks later: were a guard's mark that of the claim, the claim could
/// expect what it is only about to make, and a late copy of its request would fit.
///
/// As text it is the operation's id and the role's ending, such as `op-1-guard`: at most 64 letters, digits and hyphens.
public struct OperationMark: Hashable, Sendable {
    /// What an operation does where it writes its mark.
    public enum Role: CaseIterable, Sendable {
        /// A step of its plan: a release or a claim.
        case step
        /// A node confirms that it does not own the bucket, so that no older claim can be carried out there.
        case `guard`
        /// What could not be claimed is given back to its old owner.
        case giveBack
        /// The new owner begins to reset connections that it does not know.
        case adopt
        /// The new owner ends resetting them; the ending is older than the word.
        case finalize

        /// What follows the operation's id; no two roles have the same.
        fileprivate var ending: String {
            switch self {
            case .step: ""
            case .guard: "-guard"
            case .giveBack: "-back"
            case .adopt: "-reset"
            case .finalize: "-settled"
            }
        }
    }

    /// The longest text of a mark, in bytes.
    public static let lengthLimit = 64
    private static let installationPrefix = "install-"

    /// The id of the operation.
    public let operation: String
    /// What the operation did there.
    public let role: Role

    /// The mark of an operation, by default that of its plan's steps.
    public init(_ operation: String, _ role: Role = .step) {
        self.operation = operation
        self.role = role
    }

    /// Reads a mark; nil for a text that no operation of this program writes.
    public init?(parsing text: String) {
        guard (1...Self.lengthLimit).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        let role = Role.allCases.first { $0 != .step && text.hasSuffix($0.ending) } ?? .step
        let operation = text.dropLast(role.ending.utf8.count)
        guard !operation.isEmpty else { return nil }
        self.init(String(operation), role)
    }

    /// The mark of an installation of a table, such as `install-09f3c1d27ab4586e`; the number must be new.
    ///
    /// It stands beside every bucket, owned or not, and is the identity of the table: a step that was meant for a table of
    /// before finds no table of after to fit.
    public static func installation(_ number: UInt64) -> OperationMark {
        let digits = String(number, radix: 16)
        return OperationMark(installationPrefix + String(repeating: "0", count: 16 - digits.utf8.count) + digits)
    }

    /// The text of a new installation's mark, which never comes back.
    public static func newInstallation() -> String { installation(.random(in: .min ... .max)).text }

    /// Whether an installation wrote it, so that no operation has touched the bucket since.
    public var isInstallation: Bool { operation.hasPrefix(Self.installationPrefix) }

    /// The mark as it stands in the kernel.
    public var text: String { operation + role.ending }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
