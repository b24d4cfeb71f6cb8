import Glibc
import Reactor

/// The lab's own processes: what the hidden commands run.
public enum LabCommands {
    /// `lab-supervisor`: process 1 of a lab.
    public static func runSupervisor() -> Never {
        signal(SIGPIPE, SIG_IGN)
        Tool.extendPath()
        umask(0o077)
        guard let request = LabJSON.read(SupervisorRequest.self, from: 0) else { refuse() }
        do throws(LabError) {
            try Supervisor(request).run()
        } catch {
            LabJSON.write(SupervisorAnswer.failed(error.description), to: 1)
            exit(1)
        }
    }

    /// `lab-node`: one node.
    public static func runNode() -> Never { run { member throws(LabError) in try NodeProcess(member).run() } }

    /// `lab-service`: the echo service of a node.
    public static func runService(_ name: String) -> Never {
        signal(SIGPIPE, SIG_IGN)
        do throws(SystemError) {
            try EchoService.serve(name)
        } catch {
            StandardStreams.complain("the service of \(name) \(error.description)")
            exit(1)
        }
    }

    /// `lab-guest`: process 1 of a node's own kernel.
    public static func runGuest() -> Never { GuestProcess.run() }

    /// `lab-guest-run`: a command in the kernel of the node in whose network namespace this is.
    public static func runInGuest(_ words: [String]) -> Never { GuestCommand.run(words) }

    /// `lab-client`: the client.
    public static func runClient() -> Never { run { member throws(LabError) in try ClientProcess(member).run() } }

    private static func run(_ body: (MemberProcess) throws(LabError) -> Void) -> Never {
        do throws(LabError) {
            try body(MemberProcess())
        } catch {
            LabJSON.write(MemberEvent.failed(error.description), to: 1)
            exit(1)
        }
        exit(0)
    }

    private static func refuse() -> Never {
        print("this command is only for `clusterip lab` itself")
        exit(64)
    }
}
