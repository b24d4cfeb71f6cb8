// A program that keeps a journal as clusterip does, so that tests can kill it: `journal-writer PATH console|command NAME`.
//
// It prints "begun ID" and "ended ID" after each. A console goes on until it is killed; a command does one operation.
import ClusterModel
import Glibc
import Journal
import Planning
import Responsibility

func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else { exit(1) }
}

func carryOut(_ id: String, _ journal: Journal) throws(JournalError) {
    let plan = Plan(
        .requested(.move([1], to: "node2", mode: .graceful)),
        .moves([Move(bucket: 1, from: "node1", to: "node2")], .graceful), address: IPAddress("10.8.0.1")!,
        operation: id, before: ["node1": Ownership(owned: [1]), "node2": Ownership()])
    let steps = plan.steps.enumerated().map { JournalStep(position: $0.offset, $0.element) }
    let cutOff = try journal.cutOff(cluster: "lab").first?.id
    try journal.begin(plan, steps: steps, cluster: "lab", resolves: cutOff)
    say("begun \(id)")
    try journal.intend(id, steps)
    let done = plan.steps.enumerated().map { JournalStep(position: $0.offset, $0.element, .done) }
    try journal.conclude(id, done)
    try journal.end(id, .done, steps: done, resolving: .resumed)
    say("ended \(id)")
}

let arguments = CommandLine.arguments
guard arguments.count == 4 else {
    say("usage: journal-writer PATH console|command NAME")
    exit(64)
}
let journal = Journal(path: arguments[1])
for round in 0..<(arguments[2] == "console" ? 100_000 : 1) {
    do throws(JournalError) {
        // What a console does when its Journal screen is opened.
        _ = try journal.history(cluster: "lab", limit: 3)
        try carryOut("op-\(arguments[3])-\(round)", journal)
    } catch { say("refused \(error)") }
}
