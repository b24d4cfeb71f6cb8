import ClusterModel
import Responsibility

/// What the tables and their sets are called, by which a table is found again.
extension BucketTable {
    /// The buckets of which a connection may be on this node: answered, draining, and given up with connections left.
    ///
    /// A TCP segment of any other bucket is dropped before connection tracking. So a bucket enters it when the node begins
    /// to answer, and leaves it only when connection tracking was looked through and has nothing of it.
    static let sticky = "sticky"

    /// The buckets of answers to TCP connections that the node itself opened from the cluster address; the rules write it.
    static let opened = "opened"

    /// The sets that say what the node does with a bucket.
    ///
    /// An adopted bucket is in `owned` and in `adopted`; `released` holds buckets that an operation gave up, so that its
    /// program can say that it did.
    static let ownershipSets = ["owned", "draining", "adopted", "released"]

    /// The ownership sets that hold a bucket in a state.
    static func sets(holding state: BucketState?) -> [String] {
        switch state {
        case .owned: ["owned"]
        case .draining: ["draining"]
        case .adopted: ["owned", "adopted"]
        case nil: ["released"]
        }
    }

    /// All tables of clusterip begin with this.
    static let prefix = "clusterip_"

    /// The name of the tables of an address, in the families ip and arp.
    static func name(_ address: IPv4Address) -> String {
        prefix + String(address.description.map { $0 == "." ? "_" : $0 })
    }

    /// The address that a table's name stands for.
    static func address(ofTable name: String) -> IPv4Address? {
        guard name.hasPrefix(prefix) else { return nil }
        return IPv4Address(String(name.dropFirst(prefix.count).map { $0 == "_" ? "." : $0 }))
    }

    /// What was accepted of connections that get no mark, by bucket; the rules write it, and `Aside` beside it.
    static let unmarked = "unmarked"

    /// The same where no connection gets a mark: what was accepted of which no reply is counted; it is in `accepted`, too.
    static let uncounted = "uncounted"

    /// Packets in frames to the node's own MAC, by the MAC that sent them; the rules write it.
    static let misled = "misled"

    /// So many neighbours are remembered that send to the node's own MAC.
    static let misledLimit = 64

    /// How many bytes the keys of a set have.
    static func keyLength(of set: String) -> Int { set == misled ? 6 : 4 }

    /// What the set beside the counters counts besides packets that were let in: keys above those of buckets.
    enum Aside {
        /// Added to a bucket: TCP segments of an owned bucket that belong to no known connection.
        static let strays: UInt32 = 1 << 20
        /// Resets and ICMP errors that the host sent for the cluster address.
        static let refusals: UInt32 = 1 << 21
        /// TCP segments without data that the host sent.
        static let segments: UInt32 = 1 << 22
    }

    /// The members of the cluster: an element for each, with its name for a comment.
    static let members = "members"

    /// Who carried out which operation, and why: an element for each, with `OperationNote.line` for a comment.
    static let operations = "operations"

    /// The most elements of a set of notes.
    static let noteLimit = 1024

    /// The key of a name in a set of notes: its FNV-1a hash.
    static func noteKey(_ name: String) -> Int {
        Int(name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 })
    }

    /// The upper bits of the marks that our rules give to connections; the lower 17 are the bucket.
    ///
    /// It stands for address and placement, so that marks of other programs and of older placements are no marks of ours:
    /// such a connection is hashed again.
    var tag: UInt32 {
        let kind = settings.isOnWire ? 4 : UInt32(placement.mode.wordCount)
        let facts = [address.number, kind, placement.bucketCount, placement.seed]
        let hash = facts.reduce(UInt32(2_166_136_261)) { hash, fact in
            stride(from: 0, to: 32, by: 8).reduce(hash) { ($0 ^ fact >> UInt32($1) & 0xff) &* 16_777_619 }
        }
        return max((hash ^ hash >> 15) & 0x7fff, 1) << 17
    }

    /// Whether a counting set has connections' marks for keys.
    func countsMarks(in set: String) -> Bool { layout.marksConnections && set != "dropped" }

    /// The keys of a counting set, that of bucket i+1 at index i.
    func keys(of set: String) -> ClosedRange<Int> {
        let first = countsMarks(in: set) ? Int(tag) + 1 : 1
        return first...first + configuration.bucketCount - 1
    }

    /// The name of the tables.
    var name: String { Self.name(address) }
}
