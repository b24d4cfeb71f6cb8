/// Something drawn over the screen that takes the keys.
public enum Overlay: Hashable, Sendable {
    /// The keys of the current screen, scrolled by some lines.
    case help(scroll: Int)
    /// Whether to quit while a plan is executed.
    case quitQuestion
}
