import Responsibility

/// Takes the packets of a capture, one by one, and sorts them by what they are.
struct PacketIntake {
    typealias Packet = (flow: Flow, length: UInt32)

    /// Only packets to this address are taken; nil: all.
    let destination: IPAddress?
    /// What has been read, with what was read before.
    var counts: CaptureCounts
    /// Room for as many packets as are asked for; the first `count` are there.
    let room: UnsafeMutableBufferPointer<Packet>
    var count = 0

    @inline(__always)
    mutating func take(_ bytes: UnsafeRawBufferPointer, _ decoder: PacketDecoder) {
        counts.packets &+= 1
        switch decoder.decode(bytes) {
        case .packet(let flow, let length, let isFirstFragment):
            if let destination, flow.destination != destination {
                counts.otherDestination &+= 1
                return
            }
            if isFirstFragment { counts.firstFragments &+= 1 }
            room.initializeElement(at: count, to: (flow, length))
            count &+= 1
        case let other: counts.take(other)
        }
    }
}
