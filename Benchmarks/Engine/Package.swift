// swift-tools-version: 6.0
import PackageDescription

// The engine beside the same work by plain C and by the machine itself; see README.md.
let package = Package(
    name: "EngineBenchmark",
    dependencies: [.package(name: "clusterip", path: "../..")],
    targets: [
        .target(name: "CPeer", cSettings: [.unsafeFlags(["-O3"])]),
        .executableTarget(
            name: "EngineBenchmark", dependencies: ["CPeer", .product(name: "Responsibility", package: "clusterip")]),
    ],
    swiftLanguageModes: [.v6]
)
