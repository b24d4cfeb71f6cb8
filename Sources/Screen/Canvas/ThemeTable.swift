/// A theme at one colour depth, ready to resolve cells.
public struct ThemeTable: Sendable {
    /// The depth.
    public let depth: ColorDepth
    private var layers: [ResolvedLayer] = []
    private var first: [Int] = []

    init(_ theme: Theme, _ depth: ColorDepth) {
        self.depth = depth
        for scope in Scope.allCases {
            first.append(layers.count)
            for index in 0..<scope.count { layers.append(theme.style(of: scope, index: index).resolved(depth)) }
        }
    }

    /// The colours and attributes of a cell.
    ///
    /// Colours come from the scope, else from the surface, else from `ui.text` and `ui.background`, else they are the
    /// terminal's own. A selection that states a foreground imposes it on all that has no ground of its own.
    ///
    /// A blank of the scope `background` is seen through: its surface shows.
    ///
    /// Attributes add up, except that two reversals cancel out: a badge stays visible on a selected row that is shown
    /// reversed.
    public func resolve(_ style: Style) -> ResolvedStyle {
        let surface = layer(style.surface, 0)
        let scope = style.scope == .background ? ResolvedLayer(attributes: []) : layer(style.scope, Int(style.index))
        var attributes = scope.attributes.union(style.attributes)
        if style.surface != style.scope {
            let reverse = attributes.intersection(.reverse).symmetricDifference(surface.attributes)
            attributes = attributes.union(surface.attributes).subtracting(.reverse)
            attributes.formUnion(reverse.intersection(.reverse))
        }
        let isSelected = style.surface == .selection || style.surface == .selectionInactive
        let imposed = isSelected && scope.background == nil ? surface.foreground : nil
        let foreground = imposed ?? scope.foreground ?? surface.foreground ?? layer(.text, 0).foreground
        let background = scope.background ?? surface.background ?? layer(.background, 0).background
        return ResolvedStyle(foreground: foreground?.index, background: background?.index, attributes: attributes)
    }

    private func layer(_ scope: Scope, _ index: Int) -> ResolvedLayer {
        let index = index < scope.count ? index : 0
        return layers[first[Int(scope.rawValue)] + index]
    }
}
