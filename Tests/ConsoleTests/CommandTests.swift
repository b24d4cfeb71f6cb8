import Canvas
import Testing

@testable import Console

@Test func everyKeyHasOneCommandOnAScreen() {
    for screen in Screen.allCases {
        var seen: [Key: CommandID] = [:]
        for command in Command.all where command.applies(to: screen) {
            for key in command.keys {
                #expect(
                    seen[key] == nil,
                    "\(key.label) on \(screen.title) is \(command.id) and \(String(describing: seen[key]))")
                seen[key] = command.id
            }
        }
    }
}

@Test func everyCommandIsDocumentedReachableAndHelped() {
    let reference = commandReference()
    for id in CommandID.allCases {
        #expect(Command.named(id) != nil)
        #expect(reference.contains("`:\(id.rawValue)"))
    }
    for screen in Screen.allCases {
        let help = HelpText.lines(for: screen)
        for command in Command.all where command.applies(to: screen) {
            let keys = command.keys.isEmpty ? ":\(command.id.rawValue)" : command.keyLabel
            #expect(help.contains(.command(keys: keys, help: command.help)))
            #expect(command.help.count <= 59, "\(command.id) does not fit in 80 columns")
        }
    }
}

/// No key but Y executes, so no other key may be bound to it, and nothing that changes a cluster may sit on Enter.
@Test func onlyOneKeyExecutes() {
    #expect(Command.named(.execute)?.keys == [.character("Y")])
    #expect(KeyMap.command(for: .enter, on: .plan)?.id == .preview)
}

@Test(
    arguments: [
        ("mo", "ve"), ("q", "uit"), ("theme ha", "rbour"), ("sort pp", "s"), ("move 3 node", "1"), ("export c", "sv"),
        ("move", ""), ("zzz", ""), ("", ""), ("move 3 node1 tak", "e_over"),
    ])
func tabCompletes(text: String, suffix: String) {
    #expect(Completion.suffix(text, state: Fixture.console()) == suffix)
}
