/// What a cell means; a theme gives every scope its colours.
///
/// The canvas knows meanings only, so that screens and their snapshots need no theme and no terminal.
public enum Scope: UInt8, CaseIterable, Sendable {
    // The frame of every screen.
    case background, text, textDim, title, border, borderFocus, header, selection, selectionInactive
    case bar, prompt, suggestion, footer, footerKey, footerLabel, footerDisabled, dialog, dialogDanger
    // Short words on a coloured ground.
    case badgeLocked, badgeOperate, badgeLive, badgeFrozen, badgeStale
    // How something is.
    case statusOk, statusWarn, statusError, statusPending, statusUnknown
    case nodeLive, nodeStale, nodeUnreachable
    case bucketOwned, bucketDraining, bucketAdopted, bucketOrphan, bucketConflict
    // Numbered scopes: a node's own colour (0…11), an intensity (0…7).
    case owner, heat
    // Numbers.
    case spark, value, valueIdle, valueHot, rateUp, rateDown
    // Plans and flows.
    case planAdd, planRemove, planDone, planRunning, planFailed, flowMatch

    /// The dotted name in theme files, such as `ui.text.dim`; a scope without a style of its own takes that of the
    /// longest prefix that has one.
    public var name: String {
        switch self {
        case .background: "ui.background"
        case .text: "ui.text"
        case .textDim: "ui.text.dim"
        case .title: "ui.title"
        case .border: "ui.border"
        case .borderFocus: "ui.border.focus"
        case .header: "ui.header"
        case .selection: "ui.selection"
        case .selectionInactive: "ui.selection.inactive"
        case .bar: "ui.bar"
        case .prompt: "ui.prompt"
        case .suggestion: "ui.prompt.suggestion"
        case .footer: "ui.footer"
        case .footerKey: "ui.footer.key"
        case .footerLabel: "ui.footer.label"
        case .footerDisabled: "ui.footer.disabled"
        case .dialog: "ui.dialog"
        case .dialogDanger: "ui.dialog.danger"
        default: dataName
        }
    }

    /// How many numbered styles the scope has; 1 for ordinary ones.
    public var count: Int {
        switch self {
        case .owner: 12
        case .heat: 8
        default: 1
        }
    }

    /// The names of the scopes that show data rather than the program's frame.
    private var dataName: String {
        switch self {
        case .badgeLocked: "badge.locked"
        case .badgeOperate: "badge.operate"
        case .badgeLive: "badge.live"
        case .badgeFrozen: "badge.frozen"
        case .badgeStale: "badge.stale"
        case .statusOk: "status.ok"
        case .statusWarn: "status.warn"
        case .statusError: "status.error"
        case .statusPending: "status.pending"
        case .statusUnknown: "status.unknown"
        case .nodeLive: "node.live"
        case .nodeStale: "node.stale"
        case .nodeUnreachable: "node.unreachable"
        case .bucketOwned: "bucket.owned"
        case .bucketDraining: "bucket.draining"
        case .bucketAdopted: "bucket.adopted"
        case .bucketOrphan: "bucket.orphan"
        case .bucketConflict: "bucket.conflict"
        case .owner: "owner"
        case .heat: "heat"
        case .spark: "counter.spark"
        case .value: "counter.value"
        case .valueIdle: "counter.value.idle"
        case .valueHot: "counter.value.hot"
        case .rateUp: "counter.up"
        case .rateDown: "counter.down"
        case .planAdd: "plan.add"
        case .planRemove: "plan.remove"
        case .planDone: "plan.done"
        case .planRunning: "plan.running"
        case .planFailed: "plan.failed"
        case .flowMatch: "flow.match"
        default: "ui"
        }
    }
}
