import ClusterModel

/// The long runs of counters of a line, read by themselves.
///
/// A general reader of JSON takes a second for 16 MiB, in which a console would answer no key; numbers and commas alone take
/// a fraction of that.
struct CounterRuns {
    /// The line with each run of numbers behind a key `counters` replaced by its index among the runs, as `[0]`.
    private(set) var rest: [UInt8] = []
    /// The runs in the line's order.
    private(set) var runs: [[UInt64?]] = []

    /// Numbers of one run at most: a bucket and two for each counter.
    private static let longestRun = AgentLimits.buckets * (1 + 2 * Counter.allCases.count)
    private static let key = Array("\"counters\":[".utf8)

    /// Takes the runs out of a line of JSON; what is no run of whole numbers and nulls stays where it is.
    init(_ line: UnsafeBufferPointer<UInt8>) {
        var place = 0
        while place < line.count {
            guard line[place] == UInt8(ascii: "\"") else {
                rest.append(line[place])
                place += 1
                continue
            }
            if let (run, end) = Self.run(line, at: place) {
                rest += Self.key + Array("\(runs.count)]".utf8)
                runs.append(run)
                place = end
            } else {
                let end = Self.endOfText(line, from: place)
                rest += line[place..<end]
                place = end
            }
        }
    }

    /// Where a text that begins at a quotation mark ends.
    private static func endOfText(_ line: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var place = start + 1
        while place < line.count, line[place] != UInt8(ascii: "\"") {
            place += line[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(place + 1, line.count)
    }

    /// The run behind the key `counters` at a place, and where it ends; nil when there is none.
    private static func run(_ line: UnsafeBufferPointer<UInt8>, at start: Int) -> (run: [UInt64?], end: Int)? {
        guard line.count - start > key.count, key.indices.allSatisfy({ line[start + $0] == key[$0] }) else {
            return nil
        }
        var (run, place) = ([UInt64?](), start + key.count)
        while place < line.count {
            let number = take(line, &place)
            guard let number, place < line.count else { return nil }
            run.append(number.value)
            guard run.count <= longestRun else { return nil }
            place += 1
            if line[place - 1] == UInt8(ascii: "]") { return (run, place) }
            guard line[place - 1] == UInt8(ascii: ",") else { return nil }
        }
        return nil
    }

    private struct Number { var value: UInt64? }

    /// Takes a whole number, or null; nil for anything else, and what no number of 64 bits can hold.
    private static func take(_ line: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> Number? {
        let start = place
        var value: UInt64 = 0
        while place < line.count, case let digit = line[place] &- UInt8(ascii: "0"), digit < 10 {
            let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isLarger) = tens.addingReportingOverflow(UInt64(digit))
            guard !isTooLarge, !isLarger else { return nil }
            value = sum
            place += 1
        }
        if place > start { return line[start] == UInt8(ascii: "0") && place > start + 1 ? nil : Number(value: value) }
        guard line[start...].prefix(4).elementsEqual("null".utf8) else { return nil }
        place += 4
        return Number(value: nil)
    }
}

extension AgentFrame {
    /// The frame with its runs of counters back in their places.
    ///
    /// - Throws: `AgentFailure` when a run is missing.
    func restoring(_ runs: [[UInt64?]]) throws(AgentFailure) -> AgentFrame {
        switch self {
        case .sample(let sample): return .sample(try sample.restoring(runs))
        case .answer(let number, .success(.sample(let sample))):
            return .answer(number, .success(.sample(try sample.restoring(runs))))
        default: return self
        }
    }
}

extension WireSample {
    fileprivate func restoring(_ runs: [[UInt64?]]) throws(AgentFailure) -> WireSample {
        var sample = self
        for index in clusters.indices where !clusters[index].counters.isEmpty {
            guard let place = clusters[index].counters[0], place < UInt64(runs.count) else {
                throw AgentLimits.malformed("counters that cannot be read")
            }
            sample.clusters[index].counters = runs[Int(place)]
        }
        return sample
    }
}
