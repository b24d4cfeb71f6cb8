extension LegacyNode {
    /// The files of `/proc/net/ipt_CLUSTERIP`, one per cluster address, ascending.
    public var files: [IPv4Address] { hasFiles ? addresses.keys.sorted() : [] }

    /// What reading an address's file gives; throws ENOENT when there is no such file.
    public func read(_ address: IPv4Address) throws(KernelErrno) -> String {
        guard hasFiles, let config = addresses[address] else { throw .noEntry }
        return config.procText
    }

    /// What one write to an address's file does; throws the errno, and then nothing has changed.
    public mutating func write(_ bytes: [UInt8], to address: IPv4Address) throws(KernelErrno) {
        guard hasFiles, addresses[address] != nil else { throw .noEntry }
        try addresses[address]?.write(bytes)
    }

    private var hasFiles: Bool { kernel.isPerNamespace || isInitialNamespace }
}
