import ClusterModel
import Responsibility
import Testing
import Wording

/// What configuration says of cluster addresses, without a node that could be asked.
@Suite struct WrittenClusterTests {
    private static let address = IPAddress(10, 8, 0, 1)
    private static let match = HashScheme.clusterMatch(ClusterMatch(bucketCount: 4, seed: 42))

    struct Example: Sendable, CustomTestStringConvertible {
        var text: String
        var found: [WrittenCluster]
        var testDescription: String { text }
    }

    static let examples = [
        Example(text: "# nothing\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n", found: []),
        Example(
            text: """
                *filter
                -A INPUT -d 10.8.0.1/32 -i eth0 -j CLUSTERIP --new --hashmode sourceip-sourceport --clustermac \
                01:00:5E:08:00:01 --total-nodes 16 --local-node 3 --hash-init 42
                COMMIT
                """,
            found: [
                WrittenCluster(
                    address, driver: "ipt_CLUSTERIP", interface: "eth0", mac: MACAddress(number: 0x0100_5e08_0001),
                    scheme: .clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 42)), buckets: [3])
            ]),
        Example(
            text: """
                -A PREROUTING -d 10.8.0.1/32 -i eth0 -m cluster --cluster-total-nodes 4 --cluster-local-nodemask 0x00000002 \
                --cluster-hash-seed 0x0000002a -j ACCEPT
                -A PREROUTING -d 10.8.0.1/32 -i eth0 -m cluster --cluster-total-nodes 4 --cluster-local-node 4 \
                --cluster-hash-seed 42 -j ACCEPT
                -A PREROUTING -d 10.8.0.1/32 -i eth0 -j DROP
                """,
            found: [WrittenCluster(address, driver: "xt_cluster", interface: "eth0", scheme: match, buckets: [2, 4])]),
        Example(
            text:
                "-A X -d 10.8.0.1 -m cluster --cluster-total-nodes 4 ! --cluster-local-node 2 --cluster-hash-seed 42 -j DROP",
            found: [WrittenCluster(address, driver: "xt_cluster", scheme: match, buckets: [1, 3, 4])]),
        Example(
            text: """
                primitive vip ocf:heartbeat:IPaddr2 \\
                  params ip=10.8.0.1 nic=eth0 clusterip_hash_seed=0x2a
                clone vips vip meta clone-max=4 globally-unique=true
                """,
            found: [WrittenCluster(address, driver: "IPaddr2", interface: "eth0", scheme: match)]),
        Example(
            text: "primitive vip IPaddr2 params ip=10.8.0.1\nclone vips vip meta clone-max=4",
            found: [WrittenCluster(address, driver: "IPaddr2")]),
    ]

    @Test(arguments: examples)
    func `clusters are found in what programs save`(_ example: Example) {
        #expect(WrittenCluster.all(in: example.text) == example.found)
    }

    @Test func `rules of nft are those of the resource agent, and a second seed is noticed`() throws {
        func line(_ bucket: Int, _ seed: Int) -> String {
            "iif \"eth0\" ip daddr 10.8.0.1 jhash ip saddr mod 4 seed \(seed) offset 1 \(bucket) meta pkttype set host accept "
                + "comment \"cip-node-\(bucket)\""
        }
        let found = try #require(WrittenCluster.all(in: [line(3, 42), line(1, 42)].joined(separator: "\n")).first)
        #expect(found.driver == "IPaddr2" && found.interface == "eth0" && found.buckets == [1, 3] && !found.isMixed)
        #expect(found.scheme?.asClusterMatch == Self.match.asClusterMatch)
        #expect(WrittenCluster.all(in: [line(3, 42), line(1, 7)].joined(separator: "\n")).first?.isMixed == true)
    }

    @Test func `what would happen is said with the command that makes the same cluster of ours`() throws {
        func words(_ text: String) throws -> MigrationCheck {
            MigrationCheck(try #require(WrittenCluster.all(in: text).first), of: "rules.v4")
        }
        let target = try words(Self.examples[1].text)
        #expect(target.node == "rules.v4" && target.driver == "ipt_CLUSTERIP" && target.isPossible)
        #expect(target.effect == "10.8.0.1: no flow would change its node; this node begins with bucket 3")
        #expect(
            target.advice.first
                == "clusterip install --address 10.8.0.1/PREFIX --interface eth0 --mac 01:00:5e:08:00:01 --hashmode "
                + "sourceip-sourceport --total-nodes 16 --hash-init 42 places every flow the same")
        let unknown = try words(Self.examples[5].text)
        #expect(!unknown.isPossible && unknown.effect.hasPrefix("10.8.0.1: not known"))
    }

    /// Whatever a file says, it is read to its end.
    @Test func `no text traps`() {
        for text in ["\\", "clone", "clone a", "primitive", "primitive x IPaddr2 params ip=", "-d", "-m cluster -d /"] {
            #expect(WrittenCluster.all(in: text).isEmpty)
        }
    }
}
