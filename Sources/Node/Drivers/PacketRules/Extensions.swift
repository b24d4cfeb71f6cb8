import CNetfilter
import ClusterModel
import LinuxNode
import Responsibility

/// A match of x_tables, which iptables-legacy and iptables-nft write alike.
enum ExtensionMatch: Hashable {
    /// It is there for people.
    case comment(String)
    /// Something that a packet must be.
    case condition(RuleCondition)

    /// A match by its name, revision and data.
    ///
    /// Sources: struct xt_cluster_match_info, xt_mark_mtinfo1 and xt_comment_info of include/uapi/linux/netfilter.
    init(_ name: String, revision: UInt32, _ info: [UInt8]) {
        switch name {
        case "comment": self = .comment(String(decoding: info.prefix { $0 != 0 }, as: UTF8.self))
        case "cluster" where info.count >= MemoryLayout<xt_cluster_match_info>.size:
            let cluster: xt_cluster_match_info = info.load()
            self = .condition((1...32).contains(cluster.total_nodes) ? .bucket(Self.cluster(cluster)) : .other)
        case "mark" where revision == 1 && info.count >= MemoryLayout<xt_mark_mtinfo1>.size:
            let mark: xt_mark_mtinfo1 = info.load()
            self = .condition(.mark(mark.mark, mask: mark.mask, isNegated: mark.invert != 0))
        default: self = .condition(.other)
        }
    }

    private static func cluster(_ info: xt_cluster_match_info) -> BucketTest {
        BucketTest(
            .clusterMatch(ClusterMatch(bucketCount: info.total_nodes, seed: info.hash_seed)),
            BucketSet(bitmap: UInt64(info.node_mask)), isInverted: info.flags & UInt32(XT_CLUSTER_F_INV.rawValue) != 0)
    }

    /// What a packet must be; nil for what is there for people.
    var condition: RuleCondition? {
        guard case .condition(let condition) = self else { return nil }
        return condition
    }
}

/// A target of x_tables.
enum ExtensionTarget {
    /// What a target does, by its name, revision and data.
    ///
    /// Source: struct xt_mark_tginfo2 of include/uapi/linux/netfilter/xt_mark.h.
    static func action(_ name: String, revision: UInt32, _ info: [UInt8]) -> RuleAction {
        switch name {
        case "REJECT", "DROP": return .drop
        case "ACCEPT": return .accept
        case "MARK" where revision == 2 && info.count >= MemoryLayout<xt_mark_tginfo2>.size:
            let mark: xt_mark_tginfo2 = info.load()
            return .setMark(mark.mark, mask: mark.mask)
        default: return .pass
        }
    }
}

extension Collection<UInt8> {
    /// A structure of C's at the start of the bytes, of which there must be enough.
    func load<Structure>(as _: Structure.Type = Structure.self) -> Structure {
        Array(self).withUnsafeBytes { $0.loadUnaligned(as: Structure.self) }
    }
}
