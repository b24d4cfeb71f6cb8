import ClusterModel
import Responsibility
import Testing
import Wording

@Suite struct LinkFailureWordsTests {
    private static func ended(_ cause: LinkFailure.Cause, _ words: String? = "said so") -> LinkFailure {
        .ended(.init(cause, .exited(status: 255), words: words))
    }

    static let failures: [(LinkFailure, String, String)] = [
        (ended(.hostKey), "the agent ended (exit status 255): said so", "compare its host key"),
        (ended(.login), "the agent ended (exit status 255): said so", "ssh-copy-id"),
        (ended(.hostName), "the agent ended (exit status 255): said so", "correct the host name of b"),
        (ended(.noListener), "the agent ended (exit status 255): said so", "start sshd on b"),
        (ended(.network), "the agent ended (exit status 255): said so", "see whether b runs"),
        (ended(.sudoRule), "the agent ended (exit status 255): said so", "NOPASSWD"),
        (ended(.noSudo), "the agent ended (exit status 255): said so", "install sudo on b"),
        (ended(.noAgent), "the agent ended (exit status 255): said so", "copy clusterip-agent"),
        (ended(.noNamespace), "the agent ended (exit status 255): said so", "start b again"),
        (ended(.notPermitted), "the agent ended (exit status 255): said so", "sudo: true"),
        (ended(.diskFull), "the agent ended (exit status 255): said so", "make room"),
        (ended(.unknown, nil), "the agent ended (exit status 255)", "run it on b by hand"),
        (.ended(.init(.unknown, .killed(signal: 9))), "the agent ended (signal 9)", "it is started again"),
        (.ended(.init(.unknown, .outputClosed)), "the agent ended (it closed its output)", "it is started again"),
        (.ended(.init(.unknown, .notStarted)), "the agent could not be started", "look at b and the link to it"),
        (.ended(.init(.noAgent, .notStarted, words: "cannot start x")), "cannot start x", "copy clusterip-agent"),
        (.notReading, "the agent does not read what is sent to it", "overloaded or stopped"),
        (.endlessLine, "the agent sent a line without end", "what runs as clusterip-agent"),
        (.unreadable("no JSON"), "no JSON", "what runs as clusterip-agent"),
        (
            .otherProtocol(agent: 9, console: 3),
            "its agent speaks protocol 9, this program 3: install the same version on both", "the same version"
        ),
        (.refused(.notPermitted, "The kernel said no."), "The kernel said no.", "sudo: true"),
        (.refused(.busy, "Try again."), "Try again.", "look at b"),
        (.silent(seconds: 3), "nothing heard for 3 s: the agent or its link hangs", "overloaded or stopped"),
        (.late(seconds: 2), "no sample for 2 s", "overloaded or stopped"),
    ]

    @Test(arguments: failures)
    func `why a node is silent decides what to do`(failure: LinkFailure, sentence: String, remedy: String) {
        #expect(failure.sentence == sentence)
        #expect(Remedy.mendLink(node: "b", failure).sentence.contains(remedy))
    }

    @Test func `a call without an answer says why`() {
        #expect(UnansweredCall.notSent(nil).sentence == "there is no link to the node's agent yet")
        #expect(UnansweredCall.notSent(.notReading).sentence == LinkFailure.notReading.sentence)
        #expect(UnansweredCall.linkEnded(.notReading).sentence == LinkFailure.notReading.sentence)
        #expect(UnansweredCall.noNode("x").sentence == "there is no node x")
        #expect(UnansweredCall.unheard.sentence == "the agent was not heard on this link yet")
        #expect(UnansweredCall.overdue.sentence == "the agent did not answer in time")
    }

    @Test func `a live node that is no member says so`() {
        let address = IPAddress(10, 8, 0, 1)
        var node = NodeStatus(name: "b", state: .live)
        #expect(node.silence(address) == "it carries no cluster address 10.8.0.1")
        node.isBare = true
        #expect(node.silence(address) == "it carries 10.8.0.1, but has no table for it")
        node = NodeStatus(name: "b", state: .stale, failure: .late(seconds: 2))
        #expect(node.silence(address) == "no sample for 2 s")
        #expect(NodeStatus(name: "b", state: .connecting).silence(nil) == nil)
    }
}
