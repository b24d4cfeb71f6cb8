import ClusterModel

extension Remedy {
    /// The plan request that carries the remedy out; nil when no plan does.
    public var planRequest: PlanRequest? {
        switch self {
        case .drain(let node, let isImmediate): .drain(node, mode: isImmediate ? .immediate : .graceful)
        case .takeOver(let node): .takeOver(node, to: nil)
        case .finalize(let node): .finalize(node)
        case .adopt(let node): .adopt(node)
        case .repair: .repair
        case .join(let node): .join(node, interface: nil)
        case .reinstall(let node): .reinstall(node, interface: nil)
        case .rebalance: .rebalance(.count, mode: .graceful)
        case .first(_, let meanwhile): meanwhile.planRequest
        case .ifDead(_, let remedy, _): remedy.planRequest
        case .inOrder(let remedies): remedies.first?.planRequest
        case .without(_, let remedy): remedy.planRequest
        case .install(let settings, let owned): .install(settings, own: owned)
        case .announce, .mendService, .mendRoute, .mendFirewall, .command, .addToFile, .bringBack, .unconfigure,
            .enableAtBoot, .deliver, .endNotrack, .mendLink, .awaitNodes, .separateLinks, .leaveByHand, .rewriteRules,
            .writeRules,
            .rewriteARP, .standby,
            .placeByHand, .keepCommands, .acceptChange:
            nil
        }
    }
}
