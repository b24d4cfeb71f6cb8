import ClusterModel
import Testing

@testable import ClusterIPCommands

@Suite("Which buckets each node gets at first")
struct InstallSharesTests {
    private func shares(_ nodes: [String], _ total: Int, _ given: [String] = []) throws(CommandError) -> [String] {
        let shares = try InstallShares(nodes: nodes, total: total, given: given)
        return nodes.map { shares.shares[$0, default: []].description }
    }

    private func refusal(_ given: [String]) -> String {
        do throws(CommandError) { return "\(try shares(["a", "b"], 16, given))" } catch { return error.description }
    }

    @Test("those given; whoever is given none gets none")
    func given() throws {
        #expect(try shares(["a", "b"], 16, ["a=1-3,7"])[0] == "1-3,7")
        let shares = try InstallShares(nodes: ["a", "b"], total: 16, given: ["a=1-3,7"])
        #expect(shares.shares["b"] == nil)
    }

    @Test(
        "what cannot be given",
        arguments: [
            (["c=1"], "--own c=1 is to be NODE=BUCKETS; the nodes are a, b"),
            (["a"], "--own a is to be NODE=BUCKETS; the nodes are a, b"),
            (["a=1-3", "b=3-5"], "bucket 3 is given to a and to b"), (["a=17"], "--own a: "), (["a=x"], "--own a: "),
            (["a=0"], "--own a: "),
        ])
    func wrong(_ given: [String], _ sentence: String) {
        #expect(refusal(given).hasPrefix(sentence), "\(refusal(given))")
    }
}
