import ClusterModel
import Glibc
import Responsibility

/// Answers rows and prints them in blocks.
struct BatchWriter {
    private let format: OutputFormat
    private let columns: [String]
    private let basis: WhoBasis
    private let destination: IPAddress?
    private let isOnTerminal = isatty(STDOUT_FILENO) == 1
    private var output: String

    /// What was left out.
    private(set) var omissions = Omissions()

    /// Begins with the header; only flows to the destination are printed, nil: all.
    init(format: OutputFormat, columns: [String], basis: WhoBasis, destination: IPAddress?) {
        self.format = format
        self.destination = destination
        self.columns = columns
        self.basis = basis
        output = format.isCSV ? CSV.line(columns + ["bucket"] + (basis.owners == nil ? [] : ["owner"]), format) : ""
    }

    /// Answers one row; nil is a line that could not even be cut into fields.
    mutating func take(_ row: BatchRow?, line: Int) {
        guard let row else { return complain(line, "it does not have the \(columns.count) fields of the header") }
        do throws(CommandError) {
            let scheme = try row.scheme(default: basis.scheme)
            let flow = try row.flow(needing: scheme.ports)
            if let destination, flow.destination != destination {
                omissions.otherDestination += 1
                return
            }
            let bucket: Int
            do { bucket = try scheme.bucket(of: flow) } catch {
                omissions.unplaced[error.description, default: 0] += 1
                return
            }
            print(row, bucket, basis.owner(of: bucket, in: scheme) ?? "")
        } catch {
            complain(line, error.description)
        }
        if output.utf8.count > 1 << 18 { flush() }
    }

    /// Prints what is still held back.
    mutating func flush() {
        CommandIO.print(output)
        output = ""
    }

    private mutating func print(_ row: BatchRow, _ bucket: Int, _ owner: String) {
        if format.isCSV {
            let answer = [String(bucket)] + (basis.owners == nil ? [] : [owner])
            output += CSV.line(columns.map { shown(row.fields[$0] ?? "") } + answer, format)
            return
        }
        var members = columns.filter { $0 != "bucket" && $0 != "owner" }
            .map { "\(JSONText.quoted($0)):\(Self.value(row.fields[$0] ?? ""))" }
        members.append("\"bucket\":\(bucket)")
        if basis.owners != nil { members.append("\"owner\":\(owner.isEmpty ? "null" : JSONText.quoted(owner))") }
        output += "{" + members.joined(separator: ",") + "}\n"
    }

    private mutating func complain(_ line: Int, _ what: String) {
        if omissions.bad.namesNext { flush() }
        omissions.bad.add(line, what)
    }

    /// A field as it was read; on a terminal without what could command it.
    private func shown(_ field: String) -> String { isOnTerminal ? field.madeSafe(limit: .max) : field }

    /// A number stays a number.
    private static func value(_ text: String) -> String {
        guard let number = UInt64(text), String(number) == text else { return JSONText.quoted(text) }
        return text
    }
}
