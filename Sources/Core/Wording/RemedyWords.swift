import ClusterModel
import Responsibility

extension Remedy {
    /// One sentence, or the command line itself.
    public var sentence: String {
        switch self {
        case .reinstall(let node): clusterip("reinstall", node)
        case .join(let node): clusterip("join", node)
        case .addToFile(let names):
            "add \(Lists.and(names)) to the cluster file; if \(names.count == 1 ? "it is" : "they are") gone for good, "
                + "`clusterip install` with the cluster's settings and --force silent-nodes ends that"
        case .drain(let node, false): clusterip("drain", node)
        case .drain(let node, true): clusterip("drain", node, "--mode", "immediate")
        case .takeOver(let node): clusterip("takeover", node)
        case .finalize(let node): clusterip("settle", node)
        case .adopt(let node): clusterip(["adopt"] + [node].compactMap { $0 })
        case .announce: clusterip("announce")
        case .repair: clusterip("repair")
        case .rebalance: clusterip("rebalance")
        case .install(let settings, let owned): clusterip(["install"] + Self.options(settings, owned))
        case .command(let words, let node): "on \(node): \(ShellWord.line(words))"
        case .bringBack(let interface, let node): "bring \(interface) of \(node) back"
        case .unconfigure(let address, let prefixLength, let interface, let node):
            "take \(address) out of what puts it on \(interface) of \(node) at each boot; \(node) gets its own at its next boot, "
                + "or now, with a moment in which it answers nobody: on \(node): "
                + ShellWord.line(["ip", "address", "del", "\(address)/\(prefixLength)", "dev", interface])
                + ", then: \(clusterip("reinstall", node))"
        case .enableAtBoot(let address, let cluster, let node):
            "on \(node): clusterip-agent settings \(address) > /etc/clusterip/\(Self.unit(cluster)).yaml, then: "
                + "on \(node): systemctl enable --now clusterip-node@\(Self.unit(cluster))"
        case .deliver(let mac, let node):
            "let the switch deliver \(mac) to \(node)'s port, and no rule of \(node) drop it"
        case .mendRoute(let node): "on \(node): mend the routes back to the clients (ip route)"
        case .mendFirewall(let node):
            "on \(node): look for rules that drop what leaves it (nft list ruleset, iptables-save), and end them"
        case .mendService(let node):
            "on \(node): see whether the service runs and answers, and whether routes and firewall let its replies out"
        case .endNotrack(let node):
            "look for rules of \(node) that say notrack (nft list ruleset), and end them"
        case .mendLink(let node, let failure): failure?.remedy(node) ?? "look at \(node) and the link to it"
        case .awaitNodes(let names):
            "none yet: \(Lists.and(names)) \(names.count == 1 ? "is" : "are") being connected to"
        case .separateLinks(let one, let two):
            "let the links of \(one) and \(two) in the cluster file lead to these two machines"
        case .leaveByHand(let node, let address):
            "take \(address) off \(node) and delete its rules there, as `iptables-legacy -S` or `iptables -t mangle -S` prints "
                + "them; then: clusterip repair"
        case .rewriteRules(let node, let driver, let address): DriverRemedy(driver, address).rewriting(node)
        case .writeRules(let node, let driver, let settings, let owned):
            DriverRemedy(driver, settings.address).writing(settings, owned: owned).map { "on \(node): \($0)" }
                ?? DriverRemedy(driver, settings.address).rewriting(node)
        case .rewriteARP(let node, let driver, let settings):
            DriverRemedy(driver, settings.address).rewritingARP(settings, on: node)
        case .standby(let node, let driver, let address): DriverRemedy(driver, address).standby(node)
        case .placeByHand(let driver, let address): DriverRemedy(driver, address).placing
        case .keepCommands(let node):
            "let \(node) run the commands that made its rules at each boot, instead of restoring what iptables-save printed"
        case .acceptChange: "none needed if it was meant; this is shown for ten minutes"
        case .without(let abilities, let remedy):
            remedy.sentence + abilities.map { " --force cannot-\($0.riskName)" }.joined()
        case .inOrder(let remedies): remedies.map(\.sentence).joined(separator: ", then: ")
        case .first(let remedy, let meanwhile): "\(remedy.sentence); until then: \(meanwhile.sentence)"
        case .ifDead(let node, let remedy, let otherwise):
            "if \(node) is dead: \(remedy.sentence)" + (otherwise.map { "; if not: \($0.sentence)" } ?? "")
        }
    }

    /// A name for a file and a unit of a cluster.
    private static func unit(_ cluster: String) -> String {
        let name = cluster.unicodeScalars.map {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-") ? String($0) : "-"
        }
        return name.joined()
    }

    private func clusterip(_ words: String...) -> String { clusterip(words) }

    private func clusterip(_ words: [String]) -> String { ShellWord.line(["clusterip"] + words) }

    private static func options(_ settings: ClusterConfiguration, _ owned: [String: BucketSet]) -> [String] {
        [
            "--address", "\(settings.address)/\(settings.prefixLength)", "--interface", settings.interface,
            "--mac", "\(settings.mac)", "--hashmode", settings.scheme.name,
            "--total-nodes", "\(settings.bucketCount)", "--hash-init", settings.scheme.seedText,
        ] + owned.sorted { $0.key < $1.key }.flatMap { ["--own", "\($0.key)=\($0.value)"] }
    }
}
