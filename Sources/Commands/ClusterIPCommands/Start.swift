import ArgumentParser
import Glibc

extension RootCommand {
    /// Runs the command line of this process and exits.
    public static func start() -> Never {
        // Writing to an agent that has just ended must be an error of that node, not the end of this program.
        signal(SIGPIPE, SIG_IGN)
        main()
        exit()
    }
}
