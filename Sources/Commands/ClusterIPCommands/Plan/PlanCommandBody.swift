import ClusterModel
import Execution
import Journal
import NodeLinks
import Planning
import Reactor
import Responsibility
import Wording

/// What all commands that make a plan do with a request: look, plan, show, ask, look again, carry out.
struct PlanCommandBody {
    let consent: ConsentOptions
    var closing: ClosingOptions?
    /// The settings of a cluster that may not be there yet; nil: those that most nodes have.
    var wanted: ClusterConfiguration?
    /// Whether the operator has agreed in another way.
    var isAgreed = false

    /// What a command whose plan moves buckets does.
    init(options: PlanOptions) { (consent, closing) = (options.consent, options.closing) }

    /// What a command does whose plan is about members.
    init(_ consent: ConsentOptions) { (self.consent, closing) = (consent, nil) }

    /// Runs a command; the request is made from what the cluster shows.
    ///
    /// - Parameters:
    ///   - needsRates: whether the request cannot do without rates.
    ///   - choosesNodes: whether the plan chooses who gets buckets, so that it must know whose service replies.
    ///   - seconds: how long the cluster is watched before the plan is made.
    func run(
        needsRates: Bool = false, choosesNodes: Bool = false, measuring seconds: Double = 0,
        _ request: (ClusterSnapshot) throws(CommandError) -> PlanRequest
    ) throws {
        try CommandIO.run {
            try carryOut(needsRates: needsRates, choosesNodes: choosesNodes, measuring: seconds, request)
        }
    }

    /// The same, within a command that does more.
    func carryOut(
        needsRates: Bool = false, choosesNodes: Bool = false, measuring seconds: Double = 0,
        _ request: (ClusterSnapshot) throws(CommandError) -> PlanRequest
    ) throws -> ExitStatus {
        // Who is to be asked may want to see rates, and whose service replies.
        let isWatched = choosesNodes || closing != nil && !isAgreed && !consent.yes
        let connection = try ClusterConnection(consent.cluster.load(), interval: isWatched ? 0.5 : 1)
        defer { connection.close() }
        CutOffNotice.complain(cluster: connection.file.name)
        var snapshot = try awaited(connection)
        if isWatched {
            snapshot = connection.countedSnapshot(limit: 3) ?? snapshot
        } else if needsRates {
            snapshot = connection.snapshotWithRates() ?? snapshot
        }
        if seconds > 0 { snapshot = connection.watchedSnapshot(for: seconds) ?? snapshot }
        let made = try plan(request(snapshot), snapshot, connection)
        let plan = closing?.adding(to: made) ?? made
        try PlanText(plan: plan, closing: closing).print(consent.format, isLast: consent.dryRun)
        if consent.dryRun { return .done }
        guard
            try PlanConsent(plan: plan, yes: consent.yes || isAgreed, forced: consent.force)
                .isGiven(ask: { connection.ask($0) })
        else { return .declined }
        return try carryOut(plan, connection)
    }

    /// The cluster when every node was heard or has failed; with settings of its own when none is there yet.
    private func awaited(_ connection: ClusterConnection) throws(CommandError) -> ClusterSnapshot {
        guard let wanted else { return try connection.awaitedSnapshot() }
        return ClusterSnapshot(
            configuration: wanted, nodes: connection.awaitedStatuses().map { $0.about(wanted.address) })
    }

    private func current(_ connection: ClusterConnection) throws(CommandError) -> ClusterSnapshot {
        if let wanted {
            return ClusterSnapshot(
                configuration: wanted, nodes: connection.fleet.statuses.map { $0.about(wanted.address) })
        }
        guard let snapshot = connection.fleet.snapshot else {
            throw CommandError("no node of the cluster could be reached")
        }
        return snapshot
    }

    private func plan(
        _ request: PlanRequest, _ snapshot: ClusterSnapshot, _ connection: ClusterConnection
    ) throws(CommandError) -> Plan {
        let planner = Planner(
            snapshot: snapshot, operation: OperationID.make(), reason: consent.reason?.madeSafe(limit: 1000),
            connections: request.isAboutMembers ? [:] : connection.countedConnections(snapshot))
        do throws(PlanError) { return try planner.plan(request) } catch { throw CommandError(error.sentence) }
    }

    /// Carries a plan out, unless the cluster has changed since it was shown.
    private func carryOut(_ plan: Plan, _ connection: ClusterConnection) throws -> ExitStatus {
        let snapshot = try current(connection)
        let journal = Journal.place(cluster: connection.file.name)
        if Staleness(plan, in: snapshot) != nil {
            var sentence: String?
            StaleNotice(fleet: connection.fleet, journal: journal).look(plan, snapshot) {
                sentence = $0
                connection.reactor.stop()
            }
            if sentence == nil { connection.reactor.run() }
            throw CommandError(sentence ?? "nothing was changed: the plan is stale")
        }
        let options = closing?.options ?? .init()
        let session = PlanSession(
            connection: connection, journal: journal, format: consent.format, closing: options)
        return try session.carryOut(PlanExecution(plan: plan, options: options))
    }
}

extension NodeStatus {
    /// The node as it stands to another cluster address than the one it was last heard of.
    fileprivate func about(_ address: IPAddress) -> NodeStatus {
        guard let sample, sample.configuration.address != address else { return self }
        var status = self
        status.sample = nil
        return status
    }
}
