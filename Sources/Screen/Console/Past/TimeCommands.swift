import Canvas

extension Command {
    /// The commands that choose which time the graphs show, on every screen.
    static let time: [Command] = [
        Command("period", "Graphs of the last 60 s, 15 min or 24 h", .view, [.character("p")], footer: 7) {
            let all = TimeView.Period.allCases
            let index = all.firstIndex(of: $0.view.period) ?? 0
            $0.view.period = all[(index + 1) % all.count]
            return []
        },
        Command("earlier", "Look at an earlier time, in all graphs and maps", .view, [.character("<")]) {
            $0.look(by: -$0.view.period.stride)
            return []
        },
        Command("later", "Look at a later time, or at now again", .view, [.character(">")]) {
            $0.look(by: $0.view.period.stride)
            return []
        },
        Command(
            "at", "Look at a time of today, such as 14:02:31", .view,
            takes: Arguments(.timeOfDay) {
                $0.look(at: $1)
                return []
            }
        ) {
            $0.ask(.command("at "))
            return []
        },
        Command("now", "Look at now again", .view) {
            $0.view.cursor = nil
            return []
        },
    ]
}

extension Parameter<Double> {
    /// A time of today, or of yesterday when it is still to come.
    fileprivate static let timeOfDay = word("TIME") { word, console throws(ArgumentError) in
        let parts = word.split(separator: ":")
        let full = parts.count == 2 ? "\(word):00" : word
        guard let time = console.clock.seconds("\(console.clock.date(console.wall)) \(full)") else {
            throw ArgumentError("\"\(word)\" is no time: write 14:02 or 14:02:31")
        }
        return time > console.wall ? time - 86_400 : time
    }
}

extension ConsoleState {
    /// Looks at a time, as far as it is not to come.
    mutating func look(at time: Double) { view.cursor = time >= wall ? nil : time.rounded(.down) }

    /// Looks at a time so many seconds from the one that is looked at.
    mutating func look(by distance: Double) {
        let time = (view.cursor ?? wall) + distance
        if view.cursor == nil, distance > 0 { return say("this is now already; < looks back", .information) }
        look(at: max(time, 0))
    }
}
