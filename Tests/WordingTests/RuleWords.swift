import ClusterModel

/// What is wrong with rules that other programs wrote, with the sentences that people read.
extension FindingWordsTests {
    private static let anewByHand = Remedy.rewriteRules(node: "b", driver: "xt_cluster", address)
    private static let byHand =
        "write the rules of 10.8.0.1 on b anew, with the command that made them; Docs/Drivers.md has their forms"
    private static let others = "clients that the other rules place here are answered twice, or not at all"

    private static func example(
        _ defect: RuleDefect, _ severity: Finding.Severity, _ evidence: String, _ effect: String
    ) -> Example {
        Example(.rule(defect), node: "b", buckets: defect.buckets, by: anewByHand, severity, (evidence, effect, byHand))
    }

    static let rules = [
        example(
            .dropMissing([2, 3]), .critical, "b: no rule drops buckets 2-3, which none of its rules asks for",
            "the node answers these clients beside the owners of their buckets: answers come twice"),
        example(
            .unreached([1]), .critical,
            "b: its rules ask for bucket 1, and its packets are dropped before, or never get there",
            "clients in these buckets get no answer from this node"),
        example(
            .duplicated([1]), .notice, "b: two rules or more ask for bucket 1",
            "none now; a bucket whose rule is deleted once stays here"),
        example(
            .otherTotal(4, most: 16), .critical, "b: some of its rules count 4 buckets, most 16", others),
        example(
            .otherSeed(7, most: 42), .critical, "b: some of its rules hash with the seed 0x7, most with 0x2a", others),
        example(
            .interfaceGone(index: 5), .critical,
            "b: its rules wait for the interface number 5, which is gone; one made anew has another number",
            "the rules match nothing: the node answers other nodes' clients, too"),
        example(
            .protocolsDiffer([2]), .warning, "b: of bucket 2, it lets in either TCP or UDP, and not both",
            "a client's datagrams and connections are answered by different nodes, or not at all"),
        example(
            .firstWordOnly, .warning,
            "b: the kernel's xt_cluster hashes only the first 32 bits of IPv6 sources, a defect of the kernel",
            "all clients of one /32 network are in one bucket: load is not spread"),
        Example(
            .rule(.unsavable([9])), node: "b", buckets: [9], by: .keepCommands(node: "b"), .notice,
            (
                "b: iptables-save prints the rules of bucket 9 in a form that iptables-restore refuses",
                "none now; after the next restore, or boot, these rules are gone",
                "let b run the commands that made its rules at each boot, instead of restoring what iptables-save printed"
            )),
        Example(
            .rule(.seedNotDerived(7, derived: 42)), node: "b",
            by: .rewriteRules(node: "b", driver: "IPaddr2", address), .warning,
            (
                "b: its seed 0x7 is that of another prefix length; the address as it is now gives 0x2a",
                "none now; once the rules are written anew here, they differ from the other nodes'",
                "let Pacemaker write them anew: `crm_resource --restart --resource NAME --node b`, for NAME, which is the "
                    + "clone with ip=10.8.0.1 in `crm_mon -1`"
            )),
    ]
}
