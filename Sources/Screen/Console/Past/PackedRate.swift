/// Packets per second in one byte: eight steps an octave, from an eighth of a packet up; enough for a colour.
struct PackedRate: Hashable, Sendable {
    /// 0: nothing; 255: not known.
    private(set) var byte: UInt8

    /// What is not known.
    static let unknown = PackedRate(byte: 255)

    private init(byte: UInt8) { self.byte = byte }

    /// The step that a rate falls into; nil and what is no number are not known.
    init(_ rate: Double?) {
        guard let rate, rate.isFinite, rate >= 0 else {
            byte = 255
            return
        }
        let eighths = rate * 8  // bounded: both are Double
        guard eighths >= 1, eighths.isFinite else {
            byte = rate > 1 ? 254 : rate > 0 ? 1 : 0
            return
        }
        let octave = min(Int(eighths.exponent), 30)
        byte = octave == 30 ? 254 : UInt8(1 + octave * 8 + Int((eighths.significand - 1) * 8))
    }

    /// The middle of the step; nil when it is not known.
    var rate: Double? {
        guard byte > 0 else { return 0 }
        guard byte < 255 else { return nil }
        let step = Int(byte) - 1
        return Double(1 << (step / 8)) * (1 + (Double(step % 8) + 0.5) / 8) / 8
    }

    /// The higher of two; what is known goes before what is not.
    func higher(_ other: Self) -> Self {
        if self == .unknown { return other }
        return other == .unknown || byte >= other.byte ? self : other
    }
}
