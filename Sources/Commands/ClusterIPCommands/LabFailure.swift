import ArgumentParser
import Glibc
import Lab

/// Ends a lab command with one sentence on standard error and exit status 1.
func fail(_ error: LabError) throws -> Never {
    let line = Array("clusterip: \(error.description)\n".utf8)
    write(2, line, line.count)
    throw ExitCode(1)
}
