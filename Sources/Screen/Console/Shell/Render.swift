import Canvas

/// Draws the state: the picture, and where the terminal's cursor stands (nil: hidden).
///
/// Pure, and defined at every size: what matters least is left out first.
public func render(_ state: ConsoleState, size: Size, glyphs: GlyphSet) -> (Canvas, cursor: Point?) {
    let layout = FrameLayout(size)
    var painter = Painter(state, size: size, glyphs: glyphs)
    painter.title(layout.title)
    painter.facts(layout.facts)
    painter.tabs(layout.tabs)
    state.screens[state.screen].draw(layout.body, &painter)
    if state.isSilent {
        painter.canvas.add(.dim, to: layout.facts)
        painter.canvas.add(.dim, to: layout.body)
    }
    painter.footer(layout.footer, above: layout.body)
    if let overlay = state.overlay { painter.overlay(overlay, in: Rect(size)) }
    // At sizes that leave no room for an input line there is no place for its cursor either.
    let cursor = painter.cursor.flatMap { Rect(size).contains($0) ? $0 : nil }
    return (painter.canvas, cursor)
}
