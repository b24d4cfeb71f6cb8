import ArgumentParser
import Glibc
import Lab

/// Ends a lab command with one sentence on standard error and exit status 1.
func fail(_ error: LabError) throws -> Never {
    fputs("clusterip: \(error.description)\n", stderr)
    throw ExitCode(1)
}
