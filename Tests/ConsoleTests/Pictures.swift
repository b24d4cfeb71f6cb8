import Glibc
import Testing

/// Compares the picture of a screen with its file in Snapshots.
func expectPicture(_ name: String, _ text: String) {
    expectText(text, inRepository: "Tests/ConsoleTests/Snapshots/\(name).txt")
}

/// Compares text with a file of the repository.
///
/// A file that is missing is written, and the test fails until it is looked at and committed. With CLUSTERIP_RECORD=1
/// every file is written anew.
func expectText(_ text: String, inRepository name: String, file: String = #filePath) {
    let path = file.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/" + name
    let isRecording = getenv("CLUSTERIP_RECORD") != nil
    guard !isRecording, let known = read(path) else {
        write(text, to: path)
        Issue.record("recorded \(path): look at it and commit it")
        return
    }
    guard known != text else { return }
    let (old, new) = (
        known.split(separator: "\n", omittingEmptySubsequences: false),
        text.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let changes = (0..<max(old.count, new.count)).filter { index in
        (index < old.count ? old[index] : nil) != (index < new.count ? new[index] : nil)
    }.map { index in "\(index + 1)\n- \(index < old.count ? old[index] : "")\n+ \(index < new.count ? new[index] : "")"
    }
    Issue.record("\(name) differs in lines\n\(changes.joined(separator: "\n"))")
}

private func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += chunk[..<count]
    }
}

private func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else {
        Issue.record("cannot write \(path)")
        return
    }
    defer { fclose(file) }
    var text = text
    text.withUTF8 { _ = fwrite($0.baseAddress, 1, $0.count, file) }
}
