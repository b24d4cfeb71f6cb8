/// A command's name, as it is typed behind `:`.
public enum CommandID: String, CaseIterable, Sendable {
    case nodes, buckets, flow, plan, journal, findings, next, previous
    case up, down, left, right, pageup, pagedown, top, bottom
    case filter, sort, reverse, list, mark, markall, clearmarks, show, bucket
    case move, drain, restore, takeover, repair, rebalance, settle, edit, preview, wait, then, execute, cancel, stop
    case undo, finish, ask
    case freeze, refresh, copy, export, theme, repaint, suspend
    case help, command, unlock, lock, quit
}
