import FoundationEssentials
import Glibc
import Testing

@testable import Lab

/// A capture that tcpdump made on a node, summed up by `who`, against the counters of that node's kernel.
@Suite(.serialized)
struct CaptureAgreementTests {
    private struct Status: Decodable {
        struct Cluster: Decodable { var nodes: [Node] }
        struct Node: Decodable { var buckets: [Bucket] }
        struct Bucket: Decodable, Equatable {
            struct Count: Decodable, Equatable {
                var packets: UInt64
                var bytes: UInt64
            }
            var bucket: Int
            var arrived: Count
        }
        var clusters: [Cluster]
    }

    private struct Summary: Decodable {
        struct Bucket: Decodable {
            var bucket: Int
            var packets: UInt64
            var bytes: UInt64
        }
        var buckets: [Bucket]
    }

    /// Waits until a file has not grown for a second, twenty seconds at most.
    private static func settles(_ path: String) -> String {
        "old=x; for i in $(seq 20); do new=$(stat -c %s \(path)); [ $new = $old ] && break; old=$new; sleep 1; done"
    }

    private static func sends(_ packets: Int) -> String {
        """
        import random, socket
        random.seed(7)
        for number in range(\(packets)):
            end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            end.bind(("10.9.%d.%d" % (number // 250, number % 250 + 1), random.randint(1024, 65000)))
            for size in range(number % 3 + 1):
                end.sendto(bytes(random.randint(0, 900)), ("10.8.0.1", 7777))
            end.close()
        """
    }

    @Test func whoCountsACaptureAsTheKernelCountsThePackets()
        throws
    {
        let place = try TestLab()
        _ = try place.up("--no-traffic", "--nodes", "1")
        let capture = place.runtime + "/clusterip/packets.pcap"
        let started = try place.exec(
            "node1",
            "tcpdump -U -Z root -B 16384 --immediate-mode -s 96 -i eth0 -w \(capture) >/dev/null 2>\(capture).log & echo $!; "
                + "for i in $(seq 100); do grep -q listening \(capture).log 2>/dev/null && break; sleep 0.05; done")
        let pid = try #require(pid_t(started.output.dropLast()))
        let sent = try place.exec("client", "python3 -c '\(Self.sends(600))'")
        #expect(sent.status == 0, "\(sent.errors)")
        #expect(try place.exec("node1", Self.settles(capture) + "; kill \(pid); sleep 0.3").status == 0)

        let status = try JSONDecoder().decode(
            Status.self, from: Data(try place.clusterip("status", "--format", "json").output.utf8))
        let outcome = try place.clusterip("who", "--pcap", capture, "--summary", "--format", "json")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let summary = try JSONDecoder().decode(Summary.self, from: Data(outcome.output.utf8))
        let counted = summary.buckets.map {
            Status.Bucket(bucket: $0.bucket, arrived: .init(packets: $0.packets, bytes: $0.bytes))
        }
        #expect(counted == status.clusters.first?.nodes.first?.buckets)
        #expect(counted.reduce(0) { $0 + $1.arrived.packets } >= 1200)
        #expect(counted.count == 16)
    }
}
