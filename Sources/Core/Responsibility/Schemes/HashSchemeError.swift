/// Why a scheme cannot place a flow.
///
/// Source: the `Placement` or `NftHash` that was asked.
public enum HashSchemeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// ipt_CLUSTERIP and our table know IPv4 only.
    case onlyIPv4
    /// The nftables expression cannot be computed.
    case nft(NftHashError)

    /// One sentence that says what is wrong.
    public var description: String {
        switch self {
        case .onlyIPv4: "CLUSTERIP places IPv4 flows only, and this flow is IPv6"
        case .nft(let error): error.description
        }
    }
}
