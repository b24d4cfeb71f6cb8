import ClusterModel
import Testing

@testable import NodeLinks

/// What other programs say is understood once, where it is read.
@Suite struct LinkFailureTests {
    @Test(arguments: [
        ("Host key verification failed.", LinkFailure.Cause.hostKey),
        ("ops@b: Permission denied (publickey,password).", .login),
        ("Received disconnect from 10.0.0.2 port 22:2: Too many authentication failures", .login),
        ("ssh: Could not resolve hostname b: Name or service not known", .hostName),
        ("ssh: connect to host b port 22: Connection refused", .noListener),
        ("ssh: connect to host b port 22: No route to host", .network),
        ("ssh: connect to host b port 22: Connection timed out", .network),
        ("Timeout, server b not responding.", .network), ("sudo: a password is required", .sudoRule),
        ("ops is not in the sudoers file.", .sudoRule), ("bash: line 1: sudo: command not found", .noSudo),
        ("bash: line 1: clusterip-agent: command not found", .noAgent),
        ("cannot start clusterip-agent: No such file or directory", .noAgent),
        ("nsenter: cannot open /proc/7/ns/net: No such file or directory", .noNamespace),
        ("nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted", .notPermitted),
        ("clusterip-agent: The kernel does not permit reading the ruleset; run as root.", .notPermitted),
        ("write: No space left on device", .diskFull), ("Killed", .unknown), ("", .unknown),
    ])
    func `the words of other programs are understood`(words: String, cause: LinkFailure.Cause) {
        #expect(LinkFailure.Cause(words: words) == cause)
    }

    @Test func `their words are kept, made safe`() {
        let failure = LinkFailure.ended(.exited(status: 1), words: "a\u{1b}[2J" + String(repeating: "x", count: 500))
        guard case .ended(let ending) = failure, let words = ending.words else {
            Issue.record("\(failure)")
            return
        }
        #expect(words.hasPrefix("a\u{fffd}[2Jx") && words.count == 250 && ending.end == .exited(status: 1))
        #expect(LinkFailure.ended(.outputClosed, words: nil) == .ended(.init(.unknown, .outputClosed)))
    }
}
