import Glibc
import Testing

/// The recipes of Docs/Security.md on a real sshd and with real capabilities, each in a network namespace of its own.
@Suite struct LeastPrivilegeTests {
    private static let setup = """
        set -e
        cd "$1"
        cp "$2/clusterip-agent" agent
        chmod 755 . agent
        ip link set lo up
        ip link add eth9 type veth peer name eth9p
        ip link set eth9 up
        hello='{"jsonrpc":"2.0","id":1,"method":"hello"}'
        install='{"jsonrpc":"2.0","id":2,"method":"install","params":{"configuration":{"name":"web","address":"10.77.0.1",\
        "prefix_length":24,"interface":"eth9","mac":"01:00:5e:08:00:01","scheme":{"kind":"clusterip","mode":"sourceip",\
        "buckets":4,"seed":1}},"owned":[1]}}'

        """

    private static let forcedCommand = """
        ssh-keygen -q -t ed25519 -N '' -f host
        ssh-keygen -q -t ed25519 -N '' -f watch
        mkdir -p /run/sshd
        echo "restrict,command=\\"$1/agent --read-only\\" $(cat watch.pub)" > keys
        printf 'Port 2298\\nListenAddress 127.0.0.1\\nHostKey %s/host\\nAuthorizedKeysFile %s/keys\\n' "$1" "$1" > sshd
        printf 'StrictModes no\\nUsePAM no\\nPermitRootLogin prohibit-password\\nPidFile %s/pid\\n' "$1" >> sshd
        /usr/sbin/sshd -f "$1/sshd"
        trap 'kill $(cat "$1/pid")' EXIT
        options="-p 2298 -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -i $1/watch"
        printf '%s\\n%s\\n' "$hello" "$install" | ssh $options root@127.0.0.1 'sh -c id' 2>/dev/null
        timeout 9 ssh $options -o ExitOnForwardFailure=yes -N -R 9999:127.0.0.1:22 root@127.0.0.1 2>/dev/null || echo "no forwarding"
        nft list ruleset

        """

    private static let capability = """
        as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$@" ./agent; }
        echo "$install" | as_nobody --bounding-set=-all
        echo "$install" | as_nobody --inh-caps=+net_admin --ambient-caps=+net_admin --bounding-set=-all,+net_admin

        """

    private static func run(_ recipe: String) throws -> Program.Outcome {
        let directory = "/tmp/clusterip-privilege-\(getpid())-\(recipe.utf8.count)"
        mkdir(directory, 0o755)
        defer { _ = try? Program.run(["rm", "-rf", directory]) }
        return try Program.run(["unshare", "-n", "sh", "-c", setup + recipe, "sh", directory, Program.directory])
    }

    @Test func `a key with a forced command can watch, and neither change, run nor forward anything`() throws {
        let outcome = try Self.run(Self.forcedCommand)
        #expect(outcome.lines.count == 3, "\(outcome)")
        #expect(outcome.lines.first?.contains("\"read_only\":true") == true, "\(outcome)")
        #expect(outcome.lines.dropFirst().first?.contains("\"code\":\"read_only\"") == true, "\(outcome)")
        #expect(outcome.lines.last == "no forwarding", "\(outcome)")
    }

    @Test func `an agent needs one capability, and no root`() throws {
        let outcome = try Self.run(Self.capability)
        #expect(outcome.lines.count == 2, "\(outcome)")
        #expect(outcome.lines.first?.contains("\"code\":\"not_permitted\"") == true, "\(outcome)")
        #expect(outcome.lines.last?.contains("\"done\":true") == true, "\(outcome)")
    }
}
