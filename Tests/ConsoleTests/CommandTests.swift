import Canvas
import Testing

@testable import Console

@Test func everyKeyHasOneCommandOnAScreen() {
    for screen in allScreens {
        var seen: [Key: String] = [:]
        for command in CommandTable.commands(on: screen.id) {
            for key in command.keys {
                let other = seen[key]
                #expect(other == nil, "\(key.label) on \(screen.title) is \(command.name) and \(other ?? "")")
                seen[key] = command.name
            }
        }
    }
}

@Test func everyScreenHasATitleOfItsOwn() {
    #expect(Set(allScreens.map { $0.id }).count == allScreens.count && allScreens.count <= 10)
    for screen in allScreens {
        let state = ScreenStates()[screen.id]
        let title = type(of: state).title
        #expect(title == screen.title)
    }
}

@Test func everyCommandIsDocumentedReachableAndHelped() {
    let reference = commandReference()
    for screen in allScreens {
        var state = Fixture.console()
        state.screen = screen.id
        let help = HelpText.rows(for: state)
        for command in CommandTable.commands(on: screen.id) {
            #expect(CommandTable.command(named: command.name, on: screen.id)?.command.help == command.help)
            #expect(reference.contains("`:\(command.name)"))
            #expect(help.contains(.entry(label: KeyMap().label(of: command), help: command.help)))
            #expect(command.help.count <= 59, "\(command.name) does not fit in 80 columns")
        }
    }
}

/// No key but Y executes, so no other key may be bound to it, and nothing that changes a cluster may sit on Enter.
@Test func onlyOneKeyExecutes() {
    #expect(CommandTable.command(named: "execute", on: .plan)?.command.keys == [.character("Y")])
    #expect(KeyMap().command(for: .enter, on: .plan)?.name == "preview")
}

@Test(
    arguments: [
        ("mo", "ve"), ("q", "uit"), ("theme ha", "rbour"), ("sort pp", "s"), ("move 3 node", "1"), ("export c", "sv"),
        ("move", ""), ("zzz", ""), ("", ""), ("move 3 node1 tak", "e_over"),
    ])
func tabCompletes(text: String, suffix: String) {
    #expect(CommandLine.suffix(text, console: Fixture.console()) == suffix)
}

@Test(
    arguments: [
        (": sort Space heat Enter", "\"heat\" is no column: order, name, state, buckets, pps, connections, age"),
        (": drain Space node9 Enter", "no node is called \"node9\": node1, node2, node3"),
        (": move Space 99 Space node2 Enter", "there is no bucket 99: this cluster's buckets are 1 to 16"),
        (": move Space 3 Enter", "NODE is missing: write BUCKETS NODE [graceful|immediate|take_over]"),
        (": move Space 3 Space node2 Space fast Enter", "\"fast\" is no mode: graceful, immediate, take_over"),
        (": settle Space node1 Space x Enter", "\"x\" is one word too many: write NODE"),
        (": freeze Space x Enter", ":freeze takes nothing behind it"),
    ])
func aWrongWordSaysWhatWouldBeRight(keys: String, problem: String) {
    var state = Fixture.console()
    #expect(state.type(keys) == [])
    #expect(state.notice?.text.text == problem)
    #expect(state.screen == .nodes, "what is refused goes nowhere")
}
