import Canvas

extension ConsoleState {
    /// Gives a key to whatever has the keys: what lies over the screen, a prompt, the screen's own line, or the key map.
    mutating func press(_ key: Key) -> [Effect] {
        notice = nil
        if let overlay { return press(key, over: overlay) }
        if prompt != nil { return pressInPrompt(key) }
        if let effects = shownScreen.take(.key(key), &self) { return effects }
        return keys.command(for: key, on: screen).map { perform($0) } ?? []
    }

    /// Gives pasted text to an input line, the only place where it may go.
    mutating func paste(_ text: String) -> [Effect] {
        if prompt != nil, overlay == nil {
            editPrompt { $0.insert(text) }
        } else if overlay == nil, let effects = shownScreen.take(.text(text), &self) {
            return effects
        } else {
            say("pasted text only goes into an input line: press : or / first", .warning)
        }
        return []
    }

    private var shownScreen: any Screen.Type { type(of: screens[screen]) }

    private mutating func press(_ key: Key, over overlay: Overlay) -> [Effect] {
        switch (overlay, key) {
        case (.quitQuestion, .character("Y")):
            self.overlay = nil
            return [.abortExecution, .quit]
        case (.quitQuestion, .escape), (.quitQuestion, .character("n")), (.quitQuestion, .character("q")):
            self.overlay = nil
        case (.quitQuestion, _): break
        case (.help(let view), _): pressInHelp(key, view)
        case (.themes(let choice), _): return press(key, choosing: choice)
        }
        return []
    }

    private mutating func pressInPrompt(_ key: Key) -> [Effect] {
        guard let prompt else { return [] }
        switch key {
        case .escape, .ctrl("c"): cancelPrompt()
        case .enter: return acceptPrompt()
        case .tab: cyclePrompt(by: 1)
        case .backTab: cyclePrompt(by: -1)
        case .up: recallLine(by: -1)
        case .down: recallLine(by: 1)
        case .backspace where prompt.line.isEmpty: cancelPrompt()
        default: editPrompt { $0.edit(key) }
        }
        return []
    }
}
