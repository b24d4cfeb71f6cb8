// swift-tools-version: 6.0
import PackageDescription

// The engine beside the same work by plain C and by the machine itself; see README.md.
let package = Package(
    name: "EngineBenchmark",
    // By a link of this name: a package is known by its directory's name, and a clone may have any, even this one's.
    dependencies: [.package(path: "clusterip")],
    targets: [
        .target(name: "CPeer", cSettings: [.unsafeFlags(["-O3"])]),
        .executableTarget(
            name: "EngineBenchmark",
            dependencies: [
                "CPeer", .product(name: "FlowReading", package: "clusterip"),
                .product(name: "Responsibility", package: "clusterip"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
