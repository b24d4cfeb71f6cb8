import CLinux

/// What this process keeps in memory.
public enum ProcessMemory {
    /// When a program that runs for long may be taken to have started, in seconds.
    public static let startTime = 2.0

    /// Gives back the pages of code and constants that only the start needed; those in use come back from the page cache.
    ///
    /// They are never written to, so that nothing can be lost (madvise(2), `MADV_DONTNEED` on private mappings of files).
    public static func forgetStart() { clusterip_forget_files() }
}
