import CNetfilter
import Responsibility

/// What the kernel said of an interface and of a cluster address on it.
struct LinkFacts {
    /// What was asked.
    struct Key: Hashable {
        var interface: String
        var address: IPAddress
    }

    /// The interface; nil when there is none of that name.
    var interface: clusterip_interface?
    /// Whether the interface carries the address.
    var carriesAddress = false
}
