import Responsibility

/// The tables of a `ListingForm` while lines are written.
struct ListingTables {
    let pieces: UnsafeBufferPointer<ListingPiece>
    let names: UnsafeBufferPointer<ListingPiece>
    let octets: UnsafeBufferPointer<UInt64>
    let owners: UnsafeBufferPointer<Int>
    let ends: [[UInt8]]
    let firstBucket: UInt32

    /// Writes the line of an IPv4 flow in its bucket; there must be the form's `lineRoom`.
    @inline(__always)
    func put(_ flows: FlowPointers, _ index: Int, _ bucket: UInt32, at text: inout UnsafeMutableRawPointer) {
        pieces[0].put(at: &text)
        names[Int(flows.transports[index])].put(at: &text)
        pieces[1].put(at: &text)
        DecimalText.put(address: flows.sources[index], at: &text, octets)
        pieces[2].put(at: &text)
        DecimalText.put(UInt32(flows.sourcePorts[index]), at: &text)
        pieces[3].put(at: &text)
        DecimalText.put(address: flows.destinations[index], at: &text, octets)
        pieces[4].put(at: &text)
        DecimalText.put(UInt32(flows.destinationPorts[index]), at: &text)
        pieces[5].put(at: &text)
        DecimalText.put(bucket, at: &text)
        let end = ends[owners.isEmpty ? 0 : owners[Int(bucket &- firstBucket)]]
        end.withUnsafeBytes { text.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(text), byteCount: $0.count) }
        text += end.count
    }
}
