import ClusterModel
import NodeDriver
import Responsibility

/// The ledgers of a simulated node, whose agents take turns by themselves.
final class MemoryLedgers: StepLedgerKeeping {
    private var ledgers: [IPAddress: StepLedger] = [:]
    /// The mark of this boot.
    var boot = OperationMark.installation(0).text

    func locked<Value>(
        _ address: IPAddress, _ body: () throws(DriverError) -> Value
    ) throws(DriverError) -> Value { try body() }

    func ledger(_ address: IPAddress) throws(DriverError) -> StepLedger { ledgers[address, default: StepLedger()] }

    func keep(_ ledger: StepLedger, of address: IPAddress) throws(DriverError) { ledgers[address] = ledger }

    /// Gives marks that no bucket ever had.
    var makesInstallation: () -> String = OperationMark.newInstallation

    func newInstallation() -> String { makesInstallation() }

    func installation(of address: IPAddress) -> String { boot }
}
