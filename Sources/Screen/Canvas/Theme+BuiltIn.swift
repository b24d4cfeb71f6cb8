/// The default theme, compiled in: it needs no file and no parser at start.
///
/// A test holds it equal to `Themes/nightwatch.yaml`.
extension Theme {
    /// Nightwatch, the default.
    public static let builtIn = Theme(name: "nightwatch", styles: builtInStyles, lists: builtInLists)

    private typealias Override = ThemeStyle.Override

    private static let builtInStyles: [String: ThemeStyle] = [
        "ui.background": ThemeStyle(
            on: .rgb(0x1C1C1C), overrides: [.c16: Override(.terminal, .terminal)]),
        "ui.text": ThemeStyle(
            .rgb(0xD0D0D0), overrides: [.c16: Override(.terminal)]),
        "ui.text.dim": ThemeStyle(
            .rgb(0x949494), overrides: [.c16: Override(.index(8)), .mono: Override(nil, nil, .dim)]),
        "ui.title": ThemeStyle(
            .rgb(0xEEEEEE), .bold, overrides: [.c16: Override(.terminal, nil, .bold)]),
        "ui.border": ThemeStyle(
            .rgb(0x4E4E4E), overrides: [.c16: Override(.index(8))]),
        "ui.border.focus": ThemeStyle(
            .rgb(0x5FAFAF), overrides: [.c16: Override(.index(6)), .mono: Override(nil, nil, .bold)]),
        "ui.header": ThemeStyle(
            .rgb(0x87AFD7), .bold,
            overrides: [.c16: Override(.index(6), nil, .bold), .mono: Override(nil, nil, .underline)]),
        "ui.selection": ThemeStyle(
            nil, on: .rgb(0x3A3A3A), .bold,
            overrides: [.c16: Override(.index(15), .index(4), .bold), .mono: Override(nil, nil, .reverse)]),
        "ui.selection.inactive": ThemeStyle(
            on: .rgb(0x303030),
            overrides: [.c16: Override(nil, nil, .underline), .mono: Override(nil, nil, .underline)]),
        "ui.bar": ThemeStyle(
            on: .rgb(0x303030), overrides: [.c16: Override(.terminal)]),
        "ui.prompt": ThemeStyle(
            .rgb(0x5FD7D7), .bold, overrides: [.c16: Override(.index(6), nil, .bold)]),
        "ui.prompt.suggestion": ThemeStyle(
            .rgb(0x6C6C6C), overrides: [.c16: Override(.index(8)), .mono: Override(nil, nil, .dim)]),
        "ui.footer": ThemeStyle(
            on: .rgb(0x262626), overrides: [.c16: Override(.terminal)]),
        "ui.footer.key": ThemeStyle(
            .rgb(0x5FD7D7), .bold, overrides: [.c16: Override(.index(6), nil, .bold)]),
        "ui.footer.label": ThemeStyle(
            .rgb(0xA8A8A8), overrides: [.c16: Override(.terminal)]),
        "ui.footer.disabled": ThemeStyle(
            .rgb(0x585858), overrides: [.c16: Override(.index(8)), .mono: Override(nil, nil, .dim)]),
        "ui.dialog": ThemeStyle(
            .rgb(0xD0D0D0), on: .rgb(0x303030), overrides: [.c16: Override(.terminal, .terminal)]),
        "ui.dialog.danger": ThemeStyle(
            .rgb(0xFF5F5F), on: .rgb(0x303030), .bold,
            overrides: [.c16: Override(.index(1), .terminal, .bold), .mono: Override(nil, nil, .bold)]),
        "badge.locked": ThemeStyle(
            .rgb(0xEEEEEE), on: .rgb(0x585858), .bold,
            overrides: [.c16: Override(.index(0), .index(7)), .mono: Override(nil, nil, .reverse)]),
        "badge.operate": ThemeStyle(
            .rgb(0x1C1C1C), on: .rgb(0xFF8700), .bold,
            overrides: [.c16: Override(.index(0), .index(3), .bold), .mono: Override(nil, nil, [.reverse, .bold])]),
        "badge.live": ThemeStyle(
            .rgb(0x5FD7AF), .bold, overrides: [.c16: Override(.index(2), nil, .bold), .mono: Override(nil, nil, .bold)]),
        "badge.frozen": ThemeStyle(
            .rgb(0x1C1C1C), on: .rgb(0x87AFD7), .bold,
            overrides: [.c16: Override(.index(0), .index(6)), .mono: Override(nil, nil, .reverse)]),
        "badge.stale": ThemeStyle(
            .rgb(0x1C1C1C), on: .rgb(0xFFD75F), .bold,
            overrides: [.c16: Override(.index(0), .index(3)), .mono: Override(nil, nil, .reverse)]),
        "status.ok": ThemeStyle(
            .rgb(0x5FD7AF), overrides: [.c16: Override(.index(2))]),
        "status.warn": ThemeStyle(
            .rgb(0xFFD75F), overrides: [.c16: Override(.index(3), nil, .bold), .mono: Override(nil, nil, .bold)]),
        "status.error": ThemeStyle(
            .rgb(0xFF5F5F), .bold,
            overrides: [.c16: Override(.index(1), nil, .bold), .mono: Override(nil, nil, [.bold, .reverse])]),
        "status.pending": ThemeStyle(
            .rgb(0x87AFD7), overrides: [.c16: Override(.index(6))]),
        "status.unknown": ThemeStyle(
            .rgb(0x949494), overrides: [.c16: Override(.index(8)), .mono: Override(nil, nil, .dim)]),
        "node.live": ThemeStyle(
            .rgb(0x5FD7AF), overrides: [.c16: Override(.index(2))]),
        "node.stale": ThemeStyle(
            .rgb(0xFFD75F), overrides: [.c16: Override(.index(3), nil, .bold), .mono: Override(nil, nil, .bold)]),
        "node.unreachable": ThemeStyle(
            .rgb(0xFF5F5F), .bold,
            overrides: [.c16: Override(.index(1), nil, .bold), .mono: Override(nil, nil, [.bold, .reverse])]),
        "bucket.owned": ThemeStyle(
            .rgb(0x5FD7AF), overrides: [.c16: Override(.index(2))]),
        "bucket.draining": ThemeStyle(
            .rgb(0xFFD75F), overrides: [.c16: Override(.index(3)), .mono: Override(nil, nil, .underline)]),
        "bucket.adopted": ThemeStyle(
            .rgb(0x87AFD7), overrides: [.c16: Override(.index(6)), .mono: Override(nil, nil, .underline)]),
        "bucket.orphan": ThemeStyle(
            .rgb(0xFF8787), .bold, overrides: [.c16: Override(.index(1), nil, .bold), .mono: Override(nil, nil, .bold)]),
        "bucket.conflict": ThemeStyle(
            .rgb(0x1C1C1C), on: .rgb(0xFF5F5F), .bold,
            overrides: [.c16: Override(.index(7), .index(1), .bold), .mono: Override(nil, nil, [.bold, .reverse])]),
        "counter.spark": ThemeStyle(
            .rgb(0x5FAFAF), overrides: [.c16: Override(.index(6))]),
        "counter.value": ThemeStyle(
            .rgb(0xD0D0D0), overrides: [.c16: Override(.terminal)]),
        "counter.value.idle": ThemeStyle(
            .rgb(0x6C6C6C), overrides: [.c16: Override(.index(8)), .mono: Override(nil, nil, .dim)]),
        "counter.value.hot": ThemeStyle(
            .rgb(0xFFD75F), .bold, overrides: [.c16: Override(.index(3), nil, .bold)]),
        "counter.up": ThemeStyle(
            .rgb(0x5FD7AF), overrides: [.c16: Override(.index(2))]),
        "counter.down": ThemeStyle(
            .rgb(0xD7875F), overrides: [.c16: Override(.index(3))]),
        "plan.add": ThemeStyle(
            .rgb(0x5FD7AF), overrides: [.c16: Override(.index(2))]),
        "plan.remove": ThemeStyle(
            .rgb(0xD7875F), overrides: [.c16: Override(.index(1))]),
        "plan.done": ThemeStyle(
            .rgb(0x5FD7AF), overrides: [.c16: Override(.index(2))]),
        "plan.running": ThemeStyle(
            .rgb(0x5FD7D7), .bold, overrides: [.c16: Override(.index(6), nil, .bold)]),
        "plan.failed": ThemeStyle(
            .rgb(0xFF5F5F), .bold,
            overrides: [.c16: Override(.index(1), nil, .bold), .mono: Override(nil, nil, [.bold, .reverse])]),
        "flow.match": ThemeStyle(
            .rgb(0x1C1C1C), on: .rgb(0x5FD7D7), .bold,
            overrides: [.c16: Override(.index(0), .index(6), .bold), .mono: Override(nil, nil, .reverse)]),
    ]

    private static let builtInLists: [String: [ThemeStyle]] = [
        "owner": [
            ThemeStyle(.rgb(0x5FAFFF), overrides: [.c16: Override(.index(12))]),
            ThemeStyle(.rgb(0xFFAF5F), overrides: [.c16: Override(.index(3))]),
            ThemeStyle(.rgb(0x5FD7AF), overrides: [.c16: Override(.index(14))]),
            ThemeStyle(.rgb(0xAF5FAF), overrides: [.c16: Override(.index(5))]),
            ThemeStyle(.rgb(0xFFFFAF), overrides: [.c16: Override(.index(11))]),
            ThemeStyle(.rgb(0xD7AFD7), overrides: [.c16: Override(.index(13))]),
            ThemeStyle(.rgb(0x008700), overrides: [.c16: Override(.index(2))]),
            ThemeStyle(.rgb(0x5F87FF), overrides: [.c16: Override(.index(4))]),
            ThemeStyle(.rgb(0xD7FFFF), overrides: [.c16: Override(.index(6))]),
            ThemeStyle(.rgb(0xAFAF00), overrides: [.c16: Override(.index(7))]),
            ThemeStyle(.rgb(0xFF5F5F), overrides: [.c16: Override(.index(1))]),
            ThemeStyle(.rgb(0x767676), overrides: [.c16: Override(.index(8))]),
        ],
        "heat": [
            ThemeStyle(.rgb(0x444444), overrides: [.c16: Override(.index(8)), .mono: Override(nil, nil, .dim)]),
            ThemeStyle(.rgb(0x005F87), overrides: [.c16: Override(.index(4)), .mono: Override(nil, nil, .dim)]),
            ThemeStyle(.rgb(0x0087AF), overrides: [.c16: Override(.index(4)), .mono: Override(nil, nil, [])]),
            ThemeStyle(.rgb(0x00AFAF), overrides: [.c16: Override(.index(6)), .mono: Override(nil, nil, [])]),
            ThemeStyle(.rgb(0x5FD7AF), overrides: [.c16: Override(.index(6)), .mono: Override(nil, nil, [])]),
            ThemeStyle(.rgb(0xAFD787), overrides: [.c16: Override(.index(3)), .mono: Override(nil, nil, [])]),
            ThemeStyle(.rgb(0xFFD787), overrides: [.c16: Override(.index(3)), .mono: Override(nil, nil, .bold)]),
            ThemeStyle(.rgb(0xFFFFD7), overrides: [.c16: Override(.index(7)), .mono: Override(nil, nil, .bold)]),
        ],
    ]
}
