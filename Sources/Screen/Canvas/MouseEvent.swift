/// A mouse button or wheel at a cell.
public struct MouseEvent: Hashable, Sendable {
    /// What happened.
    public enum Action: Hashable, Sendable {
        case left, middle, right, release, wheelUp, wheelDown
        /// The mouse moved while the left button was held.
        case drag
    }

    /// What happened.
    public var action: Action
    /// Where.
    public var point: Point

    /// Makes an event.
    public init(_ action: Action, at point: Point) {
        self.action = action
        self.point = point
    }
}
