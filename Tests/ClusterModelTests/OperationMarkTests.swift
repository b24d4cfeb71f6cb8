import ClusterModel
import Testing

@Suite struct OperationMarkTests {
    /// The texts are those of tables that are in kernels today.
    static let marks: [(String, OperationMark)] = [
        ("op-1", OperationMark("op-1")), ("op-1-guard", OperationMark("op-1", .guard)),
        ("op-1-back", OperationMark("op-1", .giveBack)), ("op-1-reset", OperationMark("op-1", .adopt)),
        ("op-1-settled", OperationMark("op-1", .finalize)), ("op-1-guard-back", OperationMark("op-1-guard", .giveBack)),
        ("guard", OperationMark("guard")),
        (String(repeating: "a", count: 64), OperationMark(String(repeating: "a", count: 64))),
        ("install-00000000000000ff", .installation(255)),
    ]

    @Test(arguments: marks)
    func `a mark is written and read as the same text`(text: String, mark: OperationMark) {
        #expect(mark.text == text)
        #expect(OperationMark(parsing: text) == mark)
    }

    @Test(arguments: ["", "-guard", "-back", "op 1", "op_1", "öp", "op-1\n", String(repeating: "a", count: 65)])
    func `what this program never writes is no mark`(text: String) {
        #expect(OperationMark(parsing: text) == nil)
    }

    @Test func `the roles have endings that cannot be taken for each other`() {
        let texts = OperationMark.Role.allCases.map { OperationMark("op-1", $0).text }
        #expect(Set(texts).count == texts.count)
        #expect(texts.compactMap(OperationMark.init(parsing:)).map(\.role) == OperationMark.Role.allCases)
    }

    @Test func `an installation is told from an operation`() {
        #expect(OperationMark.installation(.max).text == "install-ffffffffffffffff")
        #expect(OperationMark.installation(1).isInstallation && !OperationMark("op-1").isInstallation)
    }
}
