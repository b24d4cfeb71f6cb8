import Execution
import Planning
import Reactor

extension ClusterConnection {
    /// How far a plan has come, by what the kernels of the nodes that take part in it hold now; waits for their answers.
    func recovery(of plan: Plan) -> Recovery {
        var found: KernelReader.Found?
        KernelReader(fleet).read(plan.address, nodes: Recovery.nodes(of: plan)) { [reactor] in
            found = $0
            reactor.stop()
        }
        if found == nil { reactor.run() }
        return Recovery(plan: plan, kernels: found?.kernels ?? [:], bare: found?.bare ?? [])
    }
}
