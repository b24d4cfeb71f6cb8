/// The bucket map: which bucket is selected, and which of them are shown.
struct BucketMap: Hashable, Sendable {
    /// The selected bucket, from 1.
    var selected = 1
    /// The first visible row of the grid.
    var top = 0
    /// The filter as typed.
    var filter = ""
    /// What is wrong with the filter; nil when nothing is.
    var filterError: String?
    /// The buckets the filter lets through, ascending; nil: all.
    var shown: [Int]?

    /// How many buckets are shown of a cluster with `total`.
    func count(of total: Int) -> Int { shown?.count ?? total }

    /// The bucket at a place in the grid; nil behind the end.
    func bucket(at place: Int, of total: Int) -> Int? {
        guard place >= 0, place < count(of: total) else { return nil }
        return shown.map { $0[place] } ?? place + 1
    }

    /// The place of a bucket in the grid, or of the next one shown.
    func place(of bucket: Int, of total: Int) -> Int {
        guard let shown else { return min(max(bucket - 1, 0), max(total - 1, 0)) }
        var (low, high) = (0, shown.count)
        while low < high {
            let middle = (low + high) / 2
            if shown[middle] < bucket { low = middle + 1 } else { high = middle }
        }
        return min(low, max(shown.count - 1, 0))
    }
}
