import CNetfilter
import ClusterModel
import Responsibility

/// How a rule computes the bucket of a packet.
extension BucketTable {
    /// Where the ports of the hash come from.
    enum Ports {
        /// Four bytes of the transport header, from this byte on.
        case transport(offset: UInt32)
        /// The protocol has none: they are hashed as 0.
        case none
    }

    /// Which end of a packet is the client.
    enum Client {
        /// The packet comes from it.
        case source
        /// The packet goes to it.
        case destination
    }

    /// Brings the bucket into its register, exactly as `clusterip_hashfn` of ipt_CLUSTERIP.c does on a little-endian machine:
    /// the address as a host-order number, the ports as their two wire bytes at the low end of a word of their own; or as
    /// `xt_cluster_hash` of xt_cluster.c, which hashes the address as it is on the wire.
    func bucket(_ ports: Ports, tag: UInt32 = 0, from client: Client = .source) -> [Expression] {
        let words = UInt32(placement.mode.wordCount)
        let registers: [Expression.Register] = [.sourcePort, .destinationPort]
        let portWords = (0..<words - 1).map { index -> Expression in
            switch ports {
            case .transport(let offset):
                .payload(
                    NFT_PAYLOAD_TRANSPORT_HEADER, offset: offset + 2 * (client == .source ? index : 1 - index),
                    length: 2,
                    registers[Int(index)])
            case .none: .immediate([0, 0, 0, 0], registers[Int(index)])
            }
        }
        let address: UInt32 = client == .source ? 12 : 16
        return [.payload(NFT_PAYLOAD_NETWORK_HEADER, offset: address, length: 4, .input)]
            + (settings.isOnWire ? [] : [.hostOrder(.input)]) + portWords
            + [.hash(length: 4 * words, modulus: placement.bucketCount, seed: placement.seed, offset: tag + 1)]
    }
}
