internal import CVectorHash

/// The way into the vector code.
enum Bulk {
    static func run(_ batch: inout clusterip_batch, _ width: VectorWidth) throws(BulkError) {
        guard width.isAvailable else { throw .unavailable(width) }
        guard batch.count > 0 else { return }
        clusterip_place(&batch, width.width)
    }
}
