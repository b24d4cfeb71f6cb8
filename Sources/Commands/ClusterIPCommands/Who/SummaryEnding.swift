/// How the reading of input ended.
enum SummaryEnding: Equatable {
    /// At its end.
    case complete
    /// By Ctrl-C.
    case interrupted
    /// Where a capture is cut off or damaged, with the sentence.
    case damaged(String)

    var status: ExitStatus {
        switch self {
        case .complete: .done
        case .interrupted: .interrupted
        case .damaged: .partly
        }
    }

    /// One word, for JSON.
    var word: String {
        switch self {
        case .complete: "complete"
        case .interrupted: "interrupted"
        case .damaged: "damaged"
        }
    }
}
