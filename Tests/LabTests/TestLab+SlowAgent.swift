import FoundationEssentials
import Glibc

extension TestLab {
    /// Writes an agent, `agent` in this place, that keeps the steps of a node back, from its n-th on, until there is a file $GATE.
    ///
    /// It says by a file $GATE.reached that it does so. The agent behind it is $AGENT.
    func writeSlowAgent(of node: Int, from step: Int) throws {
        let script = """
            #!/bin/bash
            grep -q '10\\.8\\.1\\.\(node)$' /proc/net/fib_trie && slow=1
            steps=0
            while IFS= read -r line; do
                if [[ $slow && $line == *'"apply"'* ]] && (( ++steps >= \(step) )); then
                    touch "$GATE.reached"
                    for i in $(seq 300); do [[ -e $GATE ]] && break; sleep 0.05; done
                fi
                printf '%s\\n' "$line"
            done | "$AGENT"
            """
        try script.write(toFile: runtime + "/agent", atomically: true, encoding: .utf8)
        chmod(runtime + "/agent", 0o755)
    }
}
