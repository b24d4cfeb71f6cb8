/// What a decoder made of the bytes at hand.
enum DecodingStep {
    /// More bytes are needed; none was taken.
    case incomplete
    /// So many bytes were taken, and this event, if any, is complete.
    case taken(Int, TerminalEvent?)
}
