extension MulticastHealth {
    /// What is wrong, the worst first, in a few words; nil when all is as it should be.
    public var complaint: String? {
        if !interfacePresent { return "no such interface" }
        if !interfaceUp { return "interface down" }
        if !addressPresent { return "no cluster address" }
        if !macJoined { return "no multicast MAC" }
        return arpRewritten ? nil : "no ARP rewrite"
    }
}
