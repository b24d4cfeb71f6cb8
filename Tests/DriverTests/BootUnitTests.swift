import Glibc
import Responsibility
import Testing

@testable import LinuxNode

/// Which cluster addresses the enabled units of a node stand for.
@Suite struct BootUnitTests {
    @Test func `an address is a boot's when a unit is enabled and its file names it`() throws {
        let root = "/tmp/clusterip-units-\(getpid())-\(try Linux.currentThread())/"
        defer { _ = try? shell("rm -rf \(root)") }
        try shell(
            """
            mkdir -p \(root)etc/systemd/system/sysinit.target.wants \(root)etc/systemd/system/nftables.service.wants
            mkdir -p \(root)etc/clusterip
            cd \(root)etc
            """)
        #expect(BootUnits.addresses(under: root).isEmpty)
        func enable(_ name: String, _ text: String?, target: String = "sysinit.target") throws {
            let link = "\(root)etc/systemd/system/\(target).wants/clusterip-node@\(name).service"
            try shell("ln -s /usr/lib/systemd/system/clusterip-node@.service \(link)")
            if let text { try shell("printf '\(text)' > \(root)etc/clusterip/\(name).yaml") }
        }
        try enable("web", "# web\\nname: web\\naddress: 10.8.0.1/24\\n")
        try enable("web", nil, target: "nftables.service")
        try enable("mail", "address: \"10.8.0.2/24\" # shared\\n")
        try enable("lost", nil)
        try enable("odd", "interface: eth0\\naddress: many\\n")
        try shell("printf 'address: 10.8.0.9/24' > \(root)etc/clusterip/off.yaml")
        #expect(BootUnits.addresses(under: root) == [IPAddress(10, 8, 0, 1), IPAddress(10, 8, 0, 2)])
        #expect(BootUnits.addresses(under: "/nowhere/").isEmpty)
    }
}
