import ClusterModel
import Testing
import Wording

@Suite struct AlterationWordsTests {
    private static let chain = Alteration.Chain(.ip, "cluster")
    private static let output = Alteration.Chain(.arp, "output")

    @Test(arguments: [
        (Alteration.tableMissing(.arp), "The arp table is missing."),
        (.tableDormant(.arp), "The arp table is dormant: it changes nothing."),
        (.tableMissing(.ip), "The ip table is missing."),
        (.tableDormant(.ip), "The ip table is dormant: it decides nothing."),
        (.setMissing("owned"), "The set owned is missing."),
        (.setRetyped("owned"), "The set owned does not hold bucket numbers."),
        (.setForeign("x"), "The set x is foreign."),
        (
            .bucketsMissing(set: "arrived", [3, 4]),
            "The set arrived lacks 3-4: packets of these buckets are not counted."
        ),
        (
            .bucketsMissing(set: "answered", [16]),
            "The set answered lacks 16: packets of these buckets are not accepted."
        ),
        (
            .elementForeign(set: "draining", 0, bucketCount: 16),
            "The set draining holds 0, which is not a bucket; there are 1 to 16."
        ),
        (.adoptedUnowned([5]), "The set adopted holds 5, which the set owned lacks."),
        (.ownedDraining([1]), "The sets owned and draining both hold 1."),
        (.chainMissing(chain), "The chain cluster is missing."),
        (.chainMoved(chain), "The chain cluster is not at its hook and priority."),
        (.chainDrops(chain), "The policy of the chain cluster is drop; it must be accept."),
        (.chainForeign(chain), "The chain cluster is foreign."),
        (
            .ruleMissing(output, rule: "says the cluster MAC"),
            "The rule \"says the cluster MAC\" of the arp chain output is missing."
        ),
        (
            .ruleAltered(chain, rule: "r", .init(expected: "a", found: "b")),
            "The rule \"r\" of the chain cluster is altered: it has \"b\" where \"a\" belongs."
        ),
        (
            .ruleAltered(chain, rule: "r", .init(expected: "a", found: nil)),
            "The rule \"r\" of the chain cluster is altered: it lacks \"a\"."
        ),
        (
            .ruleAltered(chain, rule: "r", .init(expected: nil, found: "b")),
            "The rule \"r\" of the chain cluster is altered: it has more steps than it should."
        ),
        (.ruleForeign(chain, rule: "x"), "A foreign rule is in the chain cluster: x."),
        (.rulesReordered(chain), "The rules of the chain cluster are out of order."),
        (.unknown(code: "x"), "The tables are altered in a way that only another version knows: x."),
    ])
    func `each alteration is one sentence`(alteration: Alteration, sentence: String) {
        #expect(alteration.sentence == sentence)
    }
}
