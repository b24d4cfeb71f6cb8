extension FixedWidthInteger {
    /// The sum with another number, or the largest number there is when the sum would be larger.
    public func addingSaturated(_ other: Self) -> Self {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other < 0 ? .min : .max) : sum
    }
}

extension Sequence where Element: FixedWidthInteger {
    /// The sum of counts that nodes told, or the largest number there is: no count that a node makes up stops the program.
    public var saturatedSum: Element { reduce(0) { $0.addingSaturated($1) } }
}
