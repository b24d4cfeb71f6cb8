import LegacyNode
import Responsibility

/// Replays the commands of the transcript against the model and says what it would have printed.
struct TranscriptReplay {
    var node = LegacyNode(kernel: LegacyKernel(LinuxVersion(6, 1)), interfaces: ["lo", "vn"])
    private let address = Samples.cluster
    private let file = "/proc/net/ipt_CLUSTERIP/10.8.0.1"

    struct Outcome: Equatable {
        var output: [String] = []
        var exitCode = 0
    }

    /// The outcome of a command; nil when the node has no part in it.
    mutating func run(_ command: String) -> Outcome? {
        let words = command.split(separator: " ").map(String.init)
        switch words[0] {
        case "iptables": return iptables(Array(words.dropFirst()))
        case "iptables-save": return Outcome(output: node.rules.filter { $0.table == "filter" }.map(\.saved))
        case "cat": return reading { $0.isEmpty ? [] : [String($0.dropLast())] }
        case "wc": return reading { ["\($0.utf8.count) \(file)"] }
        case "head": return reading { [String($0.prefix(1))] }
        case "ls": return Outcome(output: node.files.map(\.description))
        case "ip" where words[1] == "maddr":
            return Outcome(output: node.multicastAddresses(of: words[4]).map { $0.description.lowercased() }.sorted())
        case "ip" where words[1] == "link": return link(command)
        case "printf", "two": return write(command)
        case "[client]" where words[1] == "ping": return ping()
        case "[client]" where command == "[client] ip neigh": return neighbour()
        default: return nil
        }
    }

    private mutating func iptables(_ words: [String]) -> Outcome {
        if words == ["-F", "INPUT"] {
            node.flush(table: "filter", chain: "INPUT")
        } else if words == ["-t", "mangle", "-F"] {
            node.flush(table: "mangle")
        } else {
            do {
                try node.append(try LegacyRule(arguments: words))
            } catch let error as IptablesError {
                return Outcome(output: ["iptables v1.8.9 (legacy): \(error)"], exitCode: 2)
            } catch {
                return Outcome(output: [(error as? LegacyRuleError)?.iptablesMessage ?? ""], exitCode: 1)
            }
        }
        return Outcome()
    }

    private func reading(_ show: (String) -> [String]) -> Outcome {
        guard let text = try? node.read(address) else { return Outcome(exitCode: 1) }
        return Outcome(output: show(text))
    }

    private mutating func link(_ command: String) -> Outcome {
        for part in command.split(separator: ";") {
            let words = part.split(separator: " ").map(String.init)
            if let index = words.firstIndex(of: "name") { node.rename(interface: words[3], to: words[index + 1]) }
        }
        return Outcome()
    }

    private mutating func write(_ command: String) -> Outcome {
        let text: String
        if command.hasPrefix("two") {
            text = "+3\n+4\n"
        } else if command.hasSuffix("(no newline)") {
            text = "+3"
        } else {
            text = command.split(separator: "'", omittingEmptySubsequences: false)[3] + "\n"
        }
        do { try node.write(Array(text.utf8), to: address) } catch { return Outcome(exitCode: 1) }
        return Outcome()
    }

    private mutating func ping() -> Outcome {
        let client = (1...255).lazy.map { IPv4Address(10, 8, 1, $0) }.first { source in
            node.decide(Packet(flow: Samples.flow(.icmp, from: source)))?.accepts == true
        }
        guard let client else { return Outcome(exitCode: 1) }
        let verdict = node.receive(Packet(flow: Samples.flow(.icmp, from: client)))
        return Outcome(exitCode: verdict?.accepts == true ? 0 : 1)
    }

    private func neighbour() -> Outcome {
        let own = LinkAddress(number: 0x02_0000_0000_01)
        let reply = ARPPacket(operation: 2, senderIP: address, senderMAC: own, frameSource: own)
        let mac = node.rewritten(reply, leavingThrough: "vn").senderMAC.description.lowercased()
        return Outcome(output: ["10.8.0.1 dev vc lladdr \(mac) REACHABLE "])
    }
}
