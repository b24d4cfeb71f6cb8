import Responsibility

/// What flows are compared with.
struct ComparisonBasis {
    /// The other arithmetic; often the same.
    var scheme: HashScheme
    /// The other owners; nil when buckets are compared.
    var owners: OwnerMap?

    /// The basis that options describe; what they leave out is as it is.
    init(_ options: CompareOptions, _ base: WhoBasis, _ scheme: HashScheme) throws(CommandError) {
        let parts = options.parts
        self.scheme = parts.isGiven ? try parts.value(over: scheme) : scheme
        if let text = options.compareOwners {
            guard base.owners != nil else {
                throw CommandError("--compare-owners needs the owners to compare with: a cluster, or --owners")
            }
            owners = try OwnerMap(parsing: text, scheme: self.scheme)
        } else if (self.scheme.bucketCount, self.scheme.firstBucket) == (scheme.bucketCount, scheme.firstBucket) {
            owners = base.owners
        }
    }
}
