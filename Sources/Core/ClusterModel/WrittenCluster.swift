import Responsibility

/// A cluster address as configuration has it that outlives a boot: saved rules, or a resource of Pacemaker.
public struct WrittenCluster: Hashable, Sendable {
    /// The address.
    public var address: IPAddress
    /// The driver that would have it once the configuration is in force.
    public var driver: String
    /// The interface; nil when it is not told.
    public var interface: String?
    /// The cluster MAC; nil when it is not told.
    public var mac: MACAddress?
    /// How flows are placed; nil when it is not told.
    public var scheme: HashScheme?
    /// The buckets with which a node begins.
    public var buckets: BucketSet
    /// Whether its rules place flows in more than one way.
    public var isMixed = false

    /// A cluster from its parts.
    public init(
        _ address: IPAddress, driver: String, interface: String? = nil, mac: MACAddress? = nil,
        scheme: HashScheme? = nil, buckets: BucketSet = []
    ) {
        self.address = address
        self.driver = driver
        self.interface = interface
        self.mac = mac
        self.scheme = scheme
        self.buckets = buckets
    }

    /// The clusters in a text of iptables-save, `nft list ruleset` or `crm configure show`, in the order in which they come.
    public static func all(in text: String) -> [WrittenCluster] {
        var found: [WrittenCluster] = []
        var resources: [String: WrittenCluster] = [:]
        for words in lines(of: text) {
            if words.first == "primitive", let resource = resource(words) {
                resources[words[1]] = resource
            } else if words.first == "clone", words.count > 2, let resource = resources[words[2]] {
                add(cloned(resource, words), to: &found)
            } else if let rule = rule(words) {
                add(rule, to: &found)
            }
        }
        return found
    }

    /// The words of each line; one that ends with a backslash goes on in the next.
    private static func lines(of text: String) -> [[String]] {
        var lines: [[String]] = []
        var words: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            words += line.split { $0 == " " || $0 == "\t" }.map { String($0.filter { $0 != "\"" }) }
            if words.last == "\\" {
                words.removeLast()
            } else {
                if !words.isEmpty { lines.append(words) }
                words = []
            }
        }
        return words.isEmpty ? lines : lines + [words]
    }

    private static func add(_ new: WrittenCluster, to found: inout [WrittenCluster]) {
        guard let index = found.firstIndex(where: { $0.address == new.address && $0.driver == new.driver }) else {
            return found.append(new)
        }
        found[index].buckets = found[index].buckets.union(new.buckets)
        found[index].mac = found[index].mac ?? new.mac
        if let one = found[index].scheme, let other = new.scheme, !one.placesAlike(other, family: new.address.family) {
            found[index].isMixed = true
        }
    }

    // MARK: Rules

    private static func rule(_ words: [String]) -> WrittenCluster? {
        func value(_ name: String) -> String? {
            words.firstIndex(of: name).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
        }
        let text = words.joined(separator: " ")
        guard let scheme = try? HashScheme(rule: text) else { return nil }
        let destination = value("-d") ?? value("daddr")
        guard let address = destination.flatMap({ $0.split(separator: "/").first }).flatMap({ IPAddress(String($0)) })
        else {
            return nil
        }
        var cluster = WrittenCluster(
            address, driver: "xt_cluster", interface: value("-i") ?? value("iif") ?? value("iifname"), scheme: scheme)
        switch scheme {
        case .clusterIP:
            cluster.driver = "ipt_CLUSTERIP"
            cluster.mac = value("--clustermac").flatMap { MACAddress($0) }
            cluster.buckets = BucketSet(value("--local-node").flatMap { Int($0) }.map { [$0] } ?? [])
        case .clusterMatch(let match): cluster.buckets = buckets(words, of: Int(match.bucketCount))
        case .nft:
            cluster.driver = "IPaddr2"
            cluster.buckets = BucketSet(commented(words).map { [$0] } ?? [])
        }
        return cluster
    }

    /// The buckets that a rule of xt_cluster asks for.
    private static func buckets(_ words: [String], of total: Int) -> BucketSet {
        var found = BucketSet()
        for (place, word) in words.enumerated() where place + 1 < words.count {
            let number = words[place + 1]
            let named: BucketSet? =
                switch word {
                case "--cluster-local-node": Int(number).map { [$0] }
                case "--cluster-local-nodemask": NumberText.parse(number).map { BucketSet(bitmap: UInt64($0)) }
                default: nil
                }
            guard let named else { continue }
            let isInverted = place > 0 && words[place - 1] == "!"
            found = isInverted ? BucketSet(1...total).subtracting(named) : named
        }
        return found
    }

    /// The bucket in the comment that Pacemaker's resource agent writes.
    private static func commented(_ words: [String]) -> Int? {
        words.first { $0.hasPrefix("cip-node-") }.flatMap { Int($0.dropFirst("cip-node-".count)) }
    }

    // MARK: Pacemaker

    private static func resource(_ words: [String]) -> WrittenCluster? {
        guard words.count > 2, words[2] == "IPaddr2" || words[2].hasSuffix(":IPaddr2"),
            let address = parameter("ip", words).flatMap({ IPAddress($0) })
        else { return nil }
        return WrittenCluster(
            address, driver: "IPaddr2", interface: parameter("nic", words),
            mac: parameter("mac", words).flatMap { MACAddress($0) },
            scheme: parameter("clusterip_hash_seed", words).flatMap { NumberText.parse($0) }.map {
                .clusterMatch(ClusterMatch(bucketCount: 0, seed: $0))
            })
    }

    /// A resource with as many buckets as its clone has instances.
    private static func cloned(_ resource: WrittenCluster, _ words: [String]) -> WrittenCluster {
        var resource = resource
        let count = parameter("clone-max", words).flatMap { UInt32($0) } ?? 0
        guard case .clusterMatch(let match)? = resource.scheme, count > 0 else {
            resource.scheme = nil
            return resource
        }
        resource.scheme = .clusterMatch(ClusterMatch(bucketCount: count, seed: match.seed))
        return resource
    }

    private static func parameter(_ name: String, _ words: [String]) -> String? {
        words.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }
}
