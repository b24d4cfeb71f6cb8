import Canvas

extension ConsoleState {
    /// Gives a key to whatever has the keys: an overlay, a prompt, the flow line, or the key map.
    mutating func press(_ key: Key) -> [Effect] {
        notice = nil
        if let overlay { return press(key, over: overlay) }
        if prompt != nil { return pressInPrompt(key) }
        if screen == .flow, flow.isTyping, let effects = pressInFlow(key) { return effects }
        guard let command = KeyMap.command(for: key, on: screen) else { return [] }
        if let obstacle = command.obstacle(self) {
            say(obstacle, .warning)
            return []
        }
        return perform(command.id)
    }

    private mutating func press(_ key: Key, over overlay: Overlay) -> [Effect] {
        switch (overlay, key) {
        case (.quitQuestion, .character("Y")):
            self.overlay = nil
            return [.abortExecution, .quit]
        case (.quitQuestion, .escape), (.quitQuestion, .character("n")), (.quitQuestion, .character("q")):
            self.overlay = nil
        case (.quitQuestion, _): break
        case (.help(let scroll), _): pressInHelp(key, scroll: scroll)
        }
        return []
    }

    private mutating func pressInHelp(_ key: Key, scroll: Int) {
        let last = max(HelpText.lines(for: screen).count - 1, 0)
        switch key {
        case .up, .character("k"): overlay = .help(scroll: max(scroll - 1, 0))
        case .down, .character("j"): overlay = .help(scroll: min(scroll + 1, last))
        case .pageUp: overlay = .help(scroll: max(scroll - 10, 0))
        case .pageDown, .character(" "): overlay = .help(scroll: min(scroll + 10, last))
        case .home: overlay = .help(scroll: 0)
        case .escape, .enter, .character("q"), .character("?"), .function(1): overlay = nil
        default: break
        }
    }

    /// The keys that edit any line; false for others.
    private static func edit(_ line: inout InputLine, _ key: Key) -> Bool {
        switch key {
        case .character(let character): line.insert(String(character))
        case .backspace: line.deleteBackward()
        case .delete: line.deleteForward()
        case .left, .ctrl("b"): line.move(by: -1)
        case .right, .ctrl("f"): line.move(by: 1)
        case .home, .ctrl("a"): line.moveToStart()
        case .end, .ctrl("e"): line.moveToEnd()
        case .ctrl("u"): line.clear()
        case .ctrl("w"): line.deleteWord()
        default: return false
        }
        return true
    }

    private mutating func pressInPrompt(_ key: Key) -> [Effect] {
        guard var prompt else { return [] }
        switch key {
        case .escape, .ctrl("c"): closePrompt(restoring: true)
        case .enter: return acceptPrompt()
        case .tab where prompt.purpose == .command:
            prompt.line.insert(Completion.suffix(prompt.line.text, state: self))
            self.prompt = prompt
        case .backspace where prompt.line.isEmpty: closePrompt(restoring: true)
        default:
            guard Self.edit(&prompt.line, key) else { return [] }
            self.prompt = prompt
            promptChanged()
        }
        return []
    }

    /// Keys in the flow line; nil for those that it leaves to the key map.
    private mutating func pressInFlow(_ key: Key) -> [Effect]? {
        switch key {
        case .escape: flow.isTyping = false
        case .enter:
            flow.isTyping = false
            return flowVerdict == nil ? [] : perform(.ask)
        case .up, .down, .pageUp, .pageDown: break
        default:
            guard Self.edit(&flow.line, key) else { return nil }
            flowChanged()
        }
        return []
    }

    /// Forgets what was answered about another flow.
    mutating func flowChanged() {
        flow.asked = nil
        flow.replies = nil
    }
}
