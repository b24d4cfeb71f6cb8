import Canvas

/// What comes from a terminal.
public enum TerminalEvent: Hashable, Sendable {
    /// A key was pressed.
    case key(Key)
    /// A text was pasted, however long, with line ends as `\n`; never to be taken for keys.
    case paste(String)
    /// A mouse button or wheel, only while the mouse is on.
    case mouse(MouseEvent)
    /// The terminal has a new size.
    case resized(Size)
    /// The terminal is gone.
    case closed
}

/// A mouse button or wheel at a cell.
public struct MouseEvent: Hashable, Sendable {
    /// What happened.
    public enum Action: Hashable, Sendable {
        case left, middle, right, release, wheelUp, wheelDown
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
