// swift-tools-version: 6.0
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A Swift target under `Sources/<layer>/<name>`.
func target(_ name: String, _ layer: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(layer)/\(name)", swiftSettings: strict)
}

/// A C target under `Sources/<layer>/<name>`, compiled from its own small sources and linked with Debian's libraries.
func cTarget(_ name: String, _ layer: String, links: [String] = []) -> Target {
    .target(name: name, path: "Sources/\(layer)/\(name)", linkerSettings: links.map { .linkedLibrary($0) })
}

/// A test target under `Tests/<name>`.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", resources: resources, swiftSettings: strict)
}

/// The program that libFuzzer drives; only `Scripts/fuzz` builds it, since libFuzzer has its `main`.
let fuzzer: [Target] =
    Context.environment["CLUSTERIP_FUZZER"] == nil
    ? []
    : [
        .executableTarget(
            name: "fuzzer", dependencies: ["FuzzTargets"], path: "Tests/Fuzzer", swiftSettings: strict)
    ]

/// Links with the toolchain's own lld and packs the 90,000 relative relocations.
///
/// Without it the program reads 2 MB of them at every start. Needs glibc 2.36.
let packed: [LinkerSetting] = [
    .unsafeFlags(
        ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"], .when(configuration: .release))
]

let core: [Target] = [
    cTarget("CVectorHash", "Core"),
    target("Responsibility", "Core", ["CVectorHash"]),
    target("LegacyNode", "Core", ["Responsibility"]),
    target("ClusterModel", "Core", ["Responsibility"]),
    target("Planning", "Core", ["ClusterModel", "Responsibility"]),
    target("Wording", "Core", ["ClusterModel", "Planning", "Responsibility"]),
]

let flows: [Target] = [
    cTarget("CFlowLines", "Flows"),
    target("FlowReading", "Flows", ["CFlowLines", "Responsibility"]),
    cTarget("CPcap", "Flows", links: ["pcap"]),
    target("Capture", "Flows", ["CLinux", "CPcap", "FlowReading", "Responsibility"]),
]

let screen: [Target] = [
    target("Canvas", "Screen"),
    target(
        "ThemeFiles", "Screen",
        [
            "Canvas", "PlainYAML", .product(name: "Yams", package: "Yams"),
            .product(name: "SystemPackage", package: "swift-system"),
        ]),
    target("Console", "Screen", ["Canvas", "FlowReading", "Responsibility", "ClusterModel", "Planning", "Wording"]),
    cTarget("CNcurses", "Screen", links: ["ncursesw", "tinfo"]),
    cTarget("CTerminalGuard", "Screen"),
    target("NcursesTerminal", "Screen", ["Canvas", "CNcurses", "CTerminalGuard"]),
]

let system: [Target] = [
    cTarget("CLinux", "System"),
    target("Reactor", "System", ["CLinux"]),
    target("SystemLog", "System", [.product(name: "Logging", package: "swift-log")]),
    target("PlainYAML", "System", [.product(name: "Yams", package: "Yams")]),
]

let node: [Target] = [
    target("AgentProtocol", "Node", ["ClusterModel", "Responsibility"]),
    cTarget("CNetfilter", "Node", links: ["nftnl", "mnl"]),
    target("NodeDriver", "Node", ["ClusterModel", "Responsibility"]),
    target("LinuxNode", "Node", ["NodeDriver", "ClusterModel", "Responsibility", "CNetfilter"]),
    target("Nftables", "Node/Drivers", ["NodeDriver", "LinuxNode", "ClusterModel", "Responsibility", "CNetfilter"]),
    target("PacketRules", "Node/Drivers", ["NodeDriver", "LinuxNode", "ClusterModel", "Responsibility", "CNetfilter"]),
    target("XtCluster", "Node/Drivers", ["PacketRules", "NodeDriver", "LinuxNode", "ClusterModel", "Responsibility"]),
    target(
        "IptClusterip", "Node/Drivers", ["PacketRules", "NodeDriver", "LinuxNode", "ClusterModel", "Responsibility"]),
    target("IPaddr2", "Node/Drivers", ["PacketRules", "NodeDriver", "LinuxNode", "ClusterModel", "Responsibility"]),
    target(
        "NodeAgent", "Node",
        [
            "AgentProtocol", "NodeDriver", "LinuxNode", "Nftables", "IptClusterip", "XtCluster", "IPaddr2",
            "ClusterModel",
            "Responsibility", "Reactor",
            "SystemLog",
            .product(name: "Logging", package: "swift-log"),
        ]),
]

let operation: [Target] = [
    target("NodeLinks", "Operation", ["AgentProtocol", "ClusterModel", "Responsibility", "Wording", "Reactor"]),
    target(
        "Journal", "Operation",
        [
            "Planning", "Wording", "ClusterModel", "Responsibility", "Reactor",
            .product(name: "GRDB", package: "GRDB.swift"),
            .product(name: "GRDBSQLite", package: "GRDB.swift"),
        ]),
    target(
        "Execution", "Operation",
        ["Planning", "Wording", "NodeLinks", "AgentProtocol", "ClusterModel", "Responsibility"]),
]

let commands: [Target] = [
    cTarget("CLab", "Lab"),
    target("Lab", "Lab", ["CLab", "AgentProtocol", "Reactor", "CLinux", "ClusterModel", "Responsibility"]),
    target(
        "SimulatedNodes", "Simulation",
        [
            "AgentProtocol", "NodeAgent", "NodeLinks", "NodeDriver", "LegacyNode", "Reactor", "ClusterModel",
            "Responsibility",
        ]),
    target(
        "FaultSimulation", "Simulation",
        [
            "AgentProtocol", "NodeAgent", "NodeLinks", "NodeDriver", "Reactor", "ClusterModel", "Responsibility",
            "Execution", "Planning", "Wording", "SimulatedNodes",
            .product(name: "HeapModule", package: "swift-collections"),
        ]),
    target(
        "ClusterIPCommands", "Commands",
        [
            "Responsibility", "FlowReading", "ClusterModel", "Planning", "Wording", "Canvas", "ThemeFiles", "Console",
            "NcursesTerminal",
            "AgentProtocol", "NodeLinks", "NodeAgent", "NodeDriver", "Reactor", "Execution", "Journal",
            "Capture", "CLinux", "PlainYAML", "Lab", "SimulatedNodes", "FaultSimulation",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "SystemPackage", package: "swift-system"),
            .product(name: "Yams", package: "Yams"),
        ]),
    .executableTarget(
        name: "clusterip", dependencies: ["ClusterIPCommands"], path: "Sources/Commands/clusterip",
        swiftSettings: strict, linkerSettings: packed),
    .executableTarget(
        name: "planner-benchmark", dependencies: ["Planning", "ClusterModel", "Responsibility"],
        path: "Benchmarks/Planner", swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
    .executableTarget(
        name: "dataplane-benchmark",
        dependencies: ["Nftables", "LinuxNode", "NodeDriver", "ClusterModel", "Responsibility"],
        path: "Benchmarks/DataPlane/Program", swiftSettings: strict),
    .executableTarget(
        name: "clusterip-agent", dependencies: ["NodeAgent"], path: "Sources/Commands/clusterip-agent",
        swiftSettings: strict),
]

let package = Package(
    name: "clusterip",
    products: [
        .executable(name: "clusterip", targets: ["clusterip"]),
        .executable(name: "clusterip-agent", targets: ["clusterip-agent"]),
        .library(name: "Responsibility", targets: ["Responsibility"]),
        .library(name: "FlowReading", targets: ["FlowReading"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: core + flows + system + screen + node + operation + commands + fuzzer + [
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        tests(
            "ResponsibilityTests", ["Responsibility", "LegacyNode", "CVectorHash", "TestSupport"],
            resources: [.copy("Data")]),
        tests(
            "FlowReadingTests", ["FlowReading", "LegacyNode", "Responsibility", "TestSupport"],
            resources: [.copy("Data")]),
        tests("ClusterModelTests", ["ClusterModel", "Responsibility", "TestSupport"]),
        tests("PlanningTests", ["Planning", "ClusterModel", "Responsibility", "TestSupport"]),
        tests("WordingTests", ["Wording", "Planning", "ClusterModel", "Responsibility"]),
        tests("CanvasTests", ["Canvas"]),
        tests("PlainYAMLTests", ["PlainYAML", .product(name: "Yams", package: "Yams")]),
        tests("ThemeFilesTests", ["ThemeFiles", "Canvas", "TestSupport"]),
        tests("NcursesTerminalTests", ["NcursesTerminal", "CNcurses", "Canvas", "TestSupport"]),
        tests(
            "ConsoleTests",
            ["Console", "Canvas", "ClusterModel", "Planning", "Wording", "Responsibility", "TestSupport"],
            resources: [.copy("Snapshots")]),
        tests("AgentProtocolTests", ["AgentProtocol", "ClusterModel", "Responsibility", "TestSupport"]),
        tests(
            "DriverTests",
            [
                "Nftables", "PacketRules", "IptClusterip", "XtCluster", "IPaddr2", "LinuxNode", "NodeDriver",
                "SimulatedNodes",
                "LegacyNode", "CNetfilter", "ClusterModel", "Responsibility",
            ]),
        tests("SystemTests", ["SystemLog", .product(name: "Logging", package: "swift-log"), "TestSupport"]),
        tests(
            "NodeAgentTests",
            [
                "NodeAgent", "NodeDriver", "SimulatedNodes", "AgentProtocol", "ClusterModel", "Responsibility",
                "Reactor",
                .product(name: "Logging", package: "swift-log"),
            ]),
        tests(
            "OperationTests",
            [
                "Reactor", "NodeLinks", "Execution", "Planning", "Wording", "AgentProtocol",
                "ClusterModel", "Responsibility", "TestSupport",
            ]),
        tests("CaptureTests", ["Capture", "CPcap", "FlowReading", "Responsibility"], resources: [.copy("Data")]),
        .executableTarget(
            name: "journal-writer", dependencies: ["Journal", "Planning", "ClusterModel", "Responsibility"],
            path: "Tests/JournalWriter", swiftSettings: strict),
        tests(
            "JournalTests",
            [
                "Journal", "Planning", "Wording", "ClusterModel", "Responsibility", "Reactor", "TestSupport",
                "journal-writer",
            ],
            resources: [.copy("Data")]),
        tests(
            "FaultSimulationTests",
            [
                "FaultSimulation", "SimulatedNodes", "Execution", "Planning", "Wording", "NodeLinks",
                "NodeAgent",
                "NodeDriver", "AgentProtocol", "ClusterModel", "Responsibility", "Lab", "Reactor", "TestSupport",
                "clusterip",
                "clusterip-agent",
            ]),
        tests(
            "LabTests",
            [
                "Lab", "Reactor", "Responsibility", "ClusterModel", "Wording", "TestSupport", "clusterip",
                "clusterip-agent",
            ]),
        .target(
            name: "HostileNodes",
            dependencies: ["AgentProtocol", "ClusterModel", "NodeLinks", "Responsibility", "TestSupport"],
            path: "Tests/HostileNodes", swiftSettings: strict),
        .executableTarget(
            name: "hostile-agent",
            dependencies: [
                "HostileNodes", "AgentProtocol", "NodeAgent", "NodeDriver", "SimulatedNodes", "ClusterModel", "Reactor",
                "Responsibility",
            ],
            path: "Tests/HostileAgent", swiftSettings: strict),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "AgentProtocol", "Canvas", "Capture", "ClusterIPCommands", "ClusterModel", "Console", "FlowReading",
                "Nftables",
                "NodeDriver",
                "Journal", "NcursesTerminal", "NodeAgent", "NodeLinks", "Planning", "Reactor",
                "Responsibility", "SimulatedNodes", "ThemeFiles", "Wording",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Tests/FuzzTargets", swiftSettings: strict),
        tests(
            "HostileTests",
            [
                "HostileNodes", "AgentProtocol", "ClusterModel", "Execution", "FaultSimulation", "NodeAgent",
                "NodeDriver",
                "NodeLinks", "Planning", "Reactor", "Responsibility", "SimulatedNodes", "TestSupport",
            ]),
        tests("FuzzTests", ["FuzzTargets", "TestSupport"], resources: [.copy("Corpus")]),
        tests(
            "CommandsTests",
            [
                "ClusterIPCommands", "Journal", "NodeLinks", "Planning", "ClusterModel", "Responsibility", "Reactor",
                "TestSupport", "clusterip", "clusterip-agent",
            ]),
    ],
    swiftLanguageModes: [.v6]
)
