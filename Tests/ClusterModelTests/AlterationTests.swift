import ClusterModel
import FoundationEssentials
import Testing

@Suite struct AlterationTests {
    private static let chain = Alteration.Chain(.arp, "output")

    static let all: [(Alteration, String)] = [
        (.tableMissing(.arp), #"{"code":"table_missing","table":"arp"}"#),
        (.tableDormant(.ip), #"{"code":"table_dormant","table":"ip"}"#),
        (.setMissing("owned"), #"{"code":"set_missing","set":"owned"}"#),
        (.setRetyped("owned"), #"{"code":"set_retyped","set":"owned"}"#),
        (.setForeign("x"), #"{"code":"set_foreign","set":"x"}"#),
        (.bucketsMissing(set: "arrived", [3, 4]), #"{"buckets":[3,4],"code":"buckets_missing","set":"arrived"}"#),
        (
            .elementForeign(set: "owned", 17, bucketCount: 16),
            #"{"bucket_count":16,"code":"element_foreign","element":17,"set":"owned"}"#
        ),
        (.adoptedUnowned([5]), #"{"buckets":[5],"code":"adopted_unowned"}"#),
        (.ownedDraining([5]), #"{"buckets":[5],"code":"owned_draining"}"#),
        (.chainMissing(chain), #"{"chain":"output","code":"chain_missing","table":"arp"}"#),
        (.chainMoved(chain), #"{"chain":"output","code":"chain_moved","table":"arp"}"#),
        (.chainDrops(chain), #"{"chain":"output","code":"chain_drops","table":"arp"}"#),
        (.chainForeign(chain), #"{"chain":"output","code":"chain_foreign","table":"arp"}"#),
        (.ruleMissing(chain, rule: "r"), #"{"chain":"output","code":"rule_missing","rule":"r","table":"arp"}"#),
        (
            .ruleAltered(chain, rule: "r", .init(expected: "a", found: nil)),
            #"{"chain":"output","code":"rule_altered","expected":"a","rule":"r","table":"arp"}"#
        ),
        (.ruleForeign(chain, rule: "r"), #"{"chain":"output","code":"rule_foreign","rule":"r","table":"arp"}"#),
        (.rulesReordered(chain), #"{"chain":"output","code":"rules_reordered","table":"arp"}"#),
        (.unknown(code: "map_missing"), #"{"code":"map_missing"}"#),
    ]

    @Test(arguments: all)
    func `an alteration travels as an object with a code`(alteration: Alteration, json: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(alteration), as: UTF8.self) == json)
        #expect(try JSONDecoder().decode(Alteration.self, from: Data(json.utf8)) == alteration)
    }

    @Test(arguments: [
        (#"{"code":"chain_missing","table":"inet","chain":"c"}"#, "chain_missing"),
        (#"{"code":"rule_altered","table":"ip","chain":"c"}"#, "rule_altered"),
        (#"{"code":"buckets_missing","set":"arrived"}"#, "buckets_missing"),
        (#"{"code":"a\u001b[2J"}"#, "a\u{fffd}[2J"),
    ])
    func `what cannot be understood keeps its code`(json: String, code: String) throws {
        #expect(try JSONDecoder().decode(Alteration.self, from: Data(json.utf8)) == .unknown(code: code))
    }

    @Test func `names that come from a node are made safe`() throws {
        let json = #"{"code":"rule_foreign","table":"ip","chain":"c\u0007","rule":"x\u202e"}"#
        let found = try JSONDecoder().decode(Alteration.self, from: Data(json.utf8))
        #expect(found == .ruleForeign(.init(.ip, "c\u{fffd}"), rule: "x\u{fffd}"))
    }

    @Test func `the table of an alteration is known, except of an unknown one`() {
        #expect(Self.all.count { $0.0.table == nil } == 1)
        #expect(Self.all.count { $0.0.table == .arp } == 9)
    }
}
