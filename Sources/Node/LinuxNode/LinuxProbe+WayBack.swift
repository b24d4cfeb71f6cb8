import CNetfilter
import ClusterModel
import Glibc
import NodeDriver
import Responsibility

/// Why replies do not reach their clients, by routes and connection tracking.
extension LinuxProbe {
    /// So many clients' routes are looked up at most.
    private static let routeLimit = 8
    /// So many new connections must have been answered, since one answer may be under way.
    private static let leastAnswers = 2

    /// What keeps replies from clients: a missing or crooked route, or rules that drop what the service says.
    ///
    /// Connection tracking sees an answer where it leaves its service (hook output, priority -200), before any filter. A new
    /// connection that it has seen answered, while nothing leaves, was answered in vain; so was a handshake that waits for
    /// its third packet.
    public func obstacle(to configuration: ClusterConfiguration, seen: inout Set<UInt32>?) -> WayBackObstacle? {
        var (clients, ids, answered) = ([IPv4Address](), Set<UInt32>(), 0)
        let former = seen
        let isRead =
            (try? eachTracked(
                restart: { (clients, ids, answered) = ([], [], 0) }, of: configuration
            ) { entry in
                guard let client = Connection.client(entry, of: configuration) else { return }
                if clients.count < Self.routeLimit, !clients.contains(client) { clients.append(client) }
                guard let id = entry.first(CTA_ID.rawValue)?.bigEndian(UInt32.self) else { return }
                ids.insert(id)
                if Connection.isAnswered(entry, isNew: former?.contains(id) == false) { answered += 1 }
            }) != nil
        seen = isRead ? ids : nil
        for client in clients {
            if let obstacle = obstacle(on: configuration, to: client) { return obstacle }
        }
        return answered >= Self.leastAnswers ? .dropped(answers: answered) : nil
    }

    private func obstacle(on configuration: ClusterConfiguration, to client: IPv4Address) -> WayBackObstacle? {
        guard let source = configuration.address.v4 else { return nil }
        let route: Int32?
        do throws(KernelError) {
            route = try links.route(to: client, from: source)
        } catch {
            let isAway = [ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL].contains(error.number)
            return isAway ? .noRoute(.v4(client)) : nil
        }
        guard let route, let own = links.interface(configuration.interface), route != own.index,
            filtersStrictly(configuration.interface), let name = links.name(ofInterface: route)
        else { return nil }
        return .reversePath(.v4(client), by: name)
    }

    /// Whether packets are dropped that came in by another interface than the route back leads out by.
    ///
    /// Source: Documentation/networking/ip-sysctl.rst, rp_filter: the larger of the two numbers counts, 1 is strict.
    private func filtersStrictly(_ interface: String) -> Bool {
        let numbers = ["all", interface].map { name in
            ProcFile.lines("/proc/sys/net/ipv4/conf/\(name)/rp_filter").first.flatMap { Int($0) } ?? 0
        }
        return numbers.max() == 1
    }
}
