import ClusterModel
import Responsibility

/// Counts the packets of a cluster address beside a mechanism that does not count them, and decides nothing.
public protocol PacketObserver: AnyObject {
    /// What was counted of each bucket, that of bucket i+1 at index i; nil when nobody counts by these settings.
    func counted(_ configuration: ClusterConfiguration) throws(DriverError) -> [BucketCounters]?

    /// Begins to count by these settings, from zero.
    func observe(_ configuration: ClusterConfiguration) throws(DriverError)

    /// Counts no more; where nobody counted, it is no matter.
    func endObserving(_ address: IPAddress) throws(DriverError)
}

extension DriverRegistry {
    /// What can count beside other mechanisms; nil where the kernel has nothing for it.
    private var observer: (any PacketObserver)? { drivers.lazy.compactMap { $0 as? any PacketObserver }.first }

    /// Begins to count the packets of an address whose mechanism does not.
    public func observe(_ address: IPAddress) throws(DriverError) {
        let (driver, configuration) = try driver(of: address)
        guard let observer, driver.isObservable else {
            throw DriverError(
                .notSupported,
                observer == nil
                    ? "This kernel has no nf_tables for IPv4, by which packets could be counted beside \(driver.name)."
                    : "The driver \(driver.name) is not counted beside: only ipt_CLUSTERIP writes the marks for it.")
        }
        try observer.observe(configuration)
    }

    /// Counts the packets of an address no more.
    public func endObserving(_ address: IPAddress) throws(DriverError) {
        try observer?.endObserving(address)
    }
}
