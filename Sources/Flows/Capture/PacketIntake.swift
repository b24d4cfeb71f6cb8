import CPcap
import Responsibility

/// Takes the packets that libpcap hands over, one by one, and sorts them by what they are.
struct PacketIntake {
    typealias Packet = (flow: Flow, length: UInt32)

    let decoder: PacketDecoder
    /// Only packets to this address are taken; nil: all.
    let destination: IPAddress?
    /// What has been read, with what was read before.
    var counts: CaptureCounts
    /// Room for as many packets as are asked for; the first `count` are there.
    let room: UnsafeMutableBufferPointer<Packet>
    var count = 0
    /// Bytes of the packets that were read here.
    var capturedBytes = 0

    /// libpcap's callback: `user` is an intake.
    @inline(__always)
    static func take(
        _ user: UnsafeMutablePointer<UInt8>?, _ header: UnsafePointer<pcap_pkthdr>?, _ data: UnsafePointer<UInt8>?
    ) {
        guard let user, let header, let data else { return }
        let length = Int(header.pointee.caplen)
        UnsafeMutableRawPointer(user).assumingMemoryBound(to: Self.self).pointee
            .take(UnsafeRawBufferPointer(start: data, count: length))
    }

    @inline(__always)
    private mutating func take(_ bytes: UnsafeRawBufferPointer) {
        counts.packets &+= 1
        capturedBytes &+= bytes.count
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
