import ArgumentParser
import Responsibility

/// What flows are compared with: another arithmetic, another ownership.
struct CompareOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Compare with this hash mode.", valueName: "mode")) var compareHashmode: String?

    @Option(help: ArgumentHelp("Compare with this number of buckets.", valueName: "n")) var compareTotalNodes: String?

    @Option(help: ArgumentHelp("Compare with this seed.", valueName: "seed")) var compareHashInit: String?

    @Option(help: ArgumentHelp("Compare with this scheme, as --scheme.", valueName: "scheme")) var compareScheme:
        String?

    @Option(help: ArgumentHelp("Compare with nodes of this kernel.", valueName: "version")) var compareKernel: String?

    @Option(help: ArgumentHelp("Compare with nodes of this byte order.", valueName: "order"))
    var compareByteOrder: String?

    @Option(help: ArgumentHelp("Who owns what: node1=1-5,node2=6-16. With a cluster: its own.", valueName: "owners"))
    var owners: String?

    @Option(help: ArgumentHelp("Compare with this ownership.", valueName: "owners")) var compareOwners: String?

    /// The parts of the other arithmetic.
    var parts: SchemeParts {
        SchemeParts(
            hashmode: compareHashmode, totalNodes: compareTotalNodes, hashInit: compareHashInit,
            scheme: compareScheme, kernel: compareKernel, byteOrder: compareByteOrder)
    }

    /// Whether anything is to be compared.
    var isGiven: Bool { parts.isGiven || compareOwners != nil }
}
