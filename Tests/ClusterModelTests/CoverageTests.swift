import ClusterModel
import Testing

@Suite struct CoverageTests {
    @Test func `every bucket with one owner is covered`() {
        let coverage = Coverage(
            bucketCount: 4, ownerships: [Ownership(owned: [1, 2]), Ownership(owned: [3], adopted: [4])])
        #expect(coverage.isWhole)
        #expect((1...4).map { coverage.owner(of: $0) } == [0, 0, 1, 1])
    }

    @Test func `a bucket that only drains has no owner`() {
        let coverage = Coverage(bucketCount: 2, ownerships: [Ownership(owned: [1], draining: [2])])
        #expect(coverage.orphans == [2])
        #expect(coverage.owner(of: 2) == nil)
    }

    @Test func `two answering nodes are a conflict, also owned against adopted`() {
        let coverage = Coverage(bucketCount: 2, ownerships: [Ownership(owned: [1, 2]), Ownership(adopted: [2])])
        #expect(coverage.conflicts == [2])
        #expect(!coverage.isWhole)
    }

    @Test func `buckets beyond the total count for nothing`() {
        #expect(Coverage(bucketCount: 1, ownerships: [Ownership(owned: [1, 9])]).isWhole)
        #expect(Coverage(bucketCount: 1, ownerships: [Ownership(owned: [1])]).owner(of: 9) == nil)
    }
}
