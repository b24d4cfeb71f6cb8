/// What can be done to the nodes of a lab that is up.
extension LabState {
    /// Takes a node's power away: it is off the wire at once, and everything in its network namespace ends.
    ///
    /// - Throws: a sentence when there is no such node, or it is dead already.
    public func kill(_ name: String) throws(LabError) {
        guard let member = nodes.first(where: { $0.name == name }) else {
            throw .noSuchNode(name, nodes: nodes.count)
        }
        let sweep = NamespaceSweep(self, [member])
        try LabOrder.kill(node: name).send(to: directory)
        // Links and programs of `lab exec` would keep the dead node's kernel.
        sweep.killPrograms()
    }

    /// Boots a dead node, and returns when it is up: a member that owns nothing.
    ///
    /// - Throws: a sentence when there is no such node, it lives, or it does not come up.
    public func boot(_ name: String) throws(LabError) { try LabOrder.boot(node: name).send(to: directory) }

    /// Makes a node's service die, hang or go on, while its kernel takes no part in it.
    ///
    /// - Throws: a sentence when there is no such node, it is dead, or its service is so already.
    public func service(_ name: String, _ action: ServiceAction) throws(LabError) {
        try LabOrder.service(node: name, action: action).send(to: directory)
    }
}
