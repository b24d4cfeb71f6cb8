/// A command of the transcript of a real kernel, with what it printed.
struct TranscriptEntry {
    var command: String
    var output: [String] = []
    var exitCode = 0
    /// What the proc file held afterwards, where the transcript says so.
    var now: String?
    /// What the kernel logged, without "kernel: ".
    var kernelLog: [String] = []
}

/// The commands of a transcript, in order.
///
/// The last block of the file, a help text, has no command of its own and is left out.
func transcriptEntries(_ text: String) -> [TranscriptEntry] {
    var entries: [TranscriptEntry] = []
    var open: TranscriptEntry?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
        if line.hasPrefix("$ ") {
            open = TranscriptEntry(command: String(line.dropFirst(2)))
        } else if line.hasPrefix("kernel: "), let last = entries.indices.last {
            entries[last].kernelLog.append(String(line.dropFirst(8)))
        } else if var entry = open, let mark = line.firstRange(of: "[exit ") {
            if mark.lowerBound != line.startIndex { entry.output.append(String(line[..<mark.lowerBound])) }
            let rest = line[mark.upperBound...].split(separator: "]", maxSplits: 1).map(String.init)
            entry.exitCode = Int(rest[0]) ?? -1
            if rest.count > 1, rest[1].hasPrefix(" now: ") { entry.now = String(rest[1].dropFirst(6)) }
            entries.append(entry)
            open = nil
        } else {
            open?.output.append(line)
        }
    }
    return entries
}
