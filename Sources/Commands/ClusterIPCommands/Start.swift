import ArgumentParser

extension RootCommand {
    /// Runs the command line of this process and exits.
    public static func start() -> Never {
        main()
        exit()
    }
}
