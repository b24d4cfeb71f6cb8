/// How far chance can go: the evidence, in bits, that so many agreements are none.
///
/// `b` bits mean that one candidate without any relation to the marks agrees so often, or oftener, at most once in 2ᵇ
/// cases. Source: H. Chernoff, A Measure of Asymptotic Efficiency (1952), whose bound holds for every number of trials.
enum Evidence {
    /// The evidence of `agreeing` among `count` independent connections, each of which agrees by chance with this
    /// probability; 0 when there are no more than chance would have.
    static func bits(agreeing: Int, of count: Int, chance: Double) -> Double {
        let share = Double(agreeing) / Double(max(count, 1))
        guard share > chance, chance > 0, chance < 1 else { return 0 }
        let others = share < 1 ? (1 - share) * log2((1 - share) / (1 - chance)) : 0
        return Double(count) * (share * log2(share / chance) + others)
    }

    /// The logarithm to the base of two; -∞ of 0 and less.
    static func log2(_ value: Double) -> Double {
        guard value > 0 else { return -.infinity }
        guard value.isFinite else { return value }
        // The series of the inverse hyperbolic tangent, whose argument is at most one third.
        let ratio = (value.significand - 1) / (value.significand + 1)
        var (power, sum) = (ratio, 0.0)
        for divisor in stride(from: 1.0, to: 31, by: 2) {
            sum += power / divisor
            power *= ratio * ratio
        }
        return Double(value.exponent) + 2 * sum / 0.693_147_180_559_945_3
    }

    /// Two to the power of a number.
    static func exp2(_ power: Double) -> Double {
        guard power > -1000 else { return 0 }
        guard power < 1000 else { return .infinity }
        let whole = power.rounded(.down)
        let rest = (power - whole) * 0.693_147_180_559_945_3
        var (term, sum) = (1.0, 1.0)
        for step in stride(from: 1.0, to: 20, by: 1) {
            term *= rest / step
            sum += term
        }
        return Double(sign: .plus, exponent: Int(whole), significand: 1) * sum
    }
}
