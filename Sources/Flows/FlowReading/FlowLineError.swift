import Responsibility

/// What is wrong with a line of text: the first mistake, with the part of the line that it is in.
///
/// Source: this library.
public struct FlowLineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of mistakes.
    public enum Problem: Hashable, Sendable {
        /// No form that this reads.
        case unrecognised
        /// More than `FlowParser.maximumLineLength` bytes.
        case tooLong
        /// Not an address.
        case address
        /// Not a port, 0–65535.
        case port
        /// Not a protocol's name or number.
        case transport
        /// A host's or a service's name, where tcpdump and ss print a number with `-n`.
        case name
        /// Not a number of the named field's range: of 32 bits, decimal or hexadecimal after 0x, and decimal of 64 bits
        /// for packets and bytes.
        case number(field: String)
        /// Not a hash mode.
        case hashMode
        /// The field, by its name in the line's form, is missing.
        case missing(field: String)
        /// The field, by its name in the line's form, occurs twice.
        case repeated(field: String)
        /// A protocol with ports, and one that is hashed is not given.
        case portsMissing
        /// CSV without a header line before it.
        case noHeader
        /// A line of CSV with another number of cells than its header.
        case cells(expected: Int, found: Int)
        /// One IPv4 and one IPv6 address.
        case mixedFamilies
        /// Not a JSON object (RFC 8259).
        case json
        /// The program leaves out what is needed, and prints it with the option.
        case unshown(program: String, option: String)
    }

    /// What kind of mistake it is.
    public var problem: Problem
    /// The part of the line that is wrong: printable ASCII, at most 48 characters.
    public var value: String

    init(_ problem: Problem, _ value: Bytes) {
        self.problem = problem
        self.value = Self.printable(value)
    }

    /// What kind of mistake it is, without the value, for counting: "not a flow", "the ports are missing".
    public var kind: String {
        switch problem {
        case .unrecognised: "not a flow"
        case .tooLong: "longer than \(FlowParser.maximumLineLength) bytes"
        case .address: "no IP address"
        case .port: "no port"
        case .transport: "no protocol"
        case .name: "a name, which -n avoids"
        case .number(let field): "no number for \(field)"
        case .hashMode: "no hash mode"
        case .missing(let field): "\(field) is missing"
        case .repeated(let field): "\(field) occurs twice"
        case .portsMissing: "the ports are missing"
        case .noHeader: "CSV without a header"
        case .cells: "another number of cells than the header"
        case .mixedFamilies: "IPv4 and IPv6 mixed"
        case .json: "not a JSON object"
        case .unshown(let program, _): "\(program) does not print all of the flow"
        }
    }

    /// One sentence that names the value and says what would be right.
    public var description: String {
        switch problem {
        case .unrecognised:
            "\"\(value)\" is not a flow; write \"tcp 10.0.0.1:1234 -> 10.0.0.2:80\", or lines of conntrack -L, ss -tn, "
                + "tcpdump -n, logs of a firewall or web server, CSV with a header, or NDJSON"
        case .tooLong: "the line is longer than \(FlowParser.maximumLineLength) bytes"
        case .address: "\"\(value)\" is not an IP address"
        case .port: "\"\(value)\" is not a port; ports are 0-65535"
        case .transport: "\"\(value)\" is not a protocol; give a name such as tcp or a number 0-255"
        case .name: "\"\(value)\" is a name; run the program with -n (lsof with -nP) so that it prints numbers"
        case .number(let field): "\"\(value)\" is not a number for \(field)"
        case .hashMode:
            "\"\(value)\" is not a hash mode; modes are " + HashMode.allCases.map(\.rawValue).joined(separator: ", ")
        case .missing(let field): "\(field) is missing in \"\(value)\""
        case .repeated(let field): "\(field) occurs twice in \"\(value)\""
        case .portsMissing: "the ports are missing in \"\(value)\"; they are hashed, and the protocol has them"
        case .noHeader:
            "\"\(value)\" looks like CSV; its first line must name the columns "
                + "protocol,source,source_port,destination,destination_port, or --columns say what they mean"
        case .cells(let expected, let found): "the line has \(found) cells, its header \(expected)"
        case .mixedFamilies: "\"\(value)\" mixes an IPv4 and an IPv6 address"
        case .json: "\"\(value)\" is not a JSON object"
        case .unshown(let program, let option):
            "\(program) does not print all of the flow in \"\(value)\"; take \(option)"
        }
    }

    /// The bytes as text that a terminal can take: anything but printable ASCII becomes a dot, a long text is cut.
    private static func printable(_ bytes: Bytes) -> String {
        let shown = bytes.prefix(45).map { (0x20...0x7e).contains($0) && $0 != 0x22 ? $0 : UInt8(ascii: ".") }
        return String(decoding: shown, as: UTF8.self) + (bytes.count > 45 ? "..." : "")
    }
}
