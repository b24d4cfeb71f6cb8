"""A lab of its own for a benchmark, which ends with the benchmark however that ends."""
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ADDRESS, PORT, TABLE = "10.8.0.1", "7780", "clusterip_10_8_0_1"

# Reads until the benchmark is gone, finished or killed, and clears away what it left.
CARETAKER = 'trap "" INT TERM HUP; cat >/dev/null; "$1" lab down; rm -rf "$2"'


class Laboratory:
    """Labs, one at a time, and programs in their namespaces; a context manager."""

    def __init__(self, program):
        self.program = program
        self.nodes, self.client, self.helpers = [], None, []

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix="clusterip-moves-")
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": self.directory, "XDG_STATE_HOME": self.directory}
        self.caretaker = subprocess.Popen(
            ["sh", "-c", CARETAKER, "sh", self.program, self.directory], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=self.environment)
        try:
            self.tools = {name: self.compile(name) for name in ("flows", "echo", "connections")}
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *reason):
        self.end_helpers()
        self.caretaker.stdin.close()
        self.caretaker.wait(timeout=30)

    def compile(self, name):
        path = os.path.join(self.directory, name)
        source = pathlib.Path(__file__).with_name(name + ".c")
        subprocess.run(["cc", "-O2", "-pthread", "-o", path, source], check=True)
        return path

    def clusterip(self, *arguments, check=True):
        done = subprocess.run(
            [self.program, *arguments], capture_output=True, text=True, timeout=60, env=self.environment)
        if check and done.returncode:
            sys.exit(f"clusterip {' '.join(arguments)}: {done.stderr or done.stdout}")
        return done

    def up(self, nodes, buckets):
        """A new lab in place of the last, with an echo service on each node."""
        self.end_helpers()
        self.clusterip("lab", "down")
        path = self.clusterip(
            "lab", "up", "--nodes", str(nodes), "--buckets", str(buckets), "--no-traffic").stdout.strip()
        lab = json.loads((pathlib.Path(path).parent / "lab.json").read_text())
        self.nodes, self.client, self.buckets = lab["nodes"], lab["client"]["pid"], buckets
        for node in self.nodes:
            self.start(node["pid"], "echo", ADDRESS, PORT)

    def start(self, pid, tool, *arguments):
        """One of the C programs in a namespace, once it has said that it is ready."""
        process = subprocess.Popen(
            self.inside(pid) + [self.tools[tool], *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.helpers.append(process)
        process.greeting = process.stdout.readline().strip()
        if not process.greeting:
            sys.exit(f"{tool} did not start")
        return process

    def end_helpers(self):
        for process in self.helpers:
            with contextlib.suppress(OSError, ValueError):
                process.stdin.close()
        for process in self.helpers:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
        self.helpers = []

    def inside(self, pid):
        return ["nsenter", f"--net=/proc/{pid}/ns/net"]

    def overflow(self):
        """Packets that sockets of nodes and client had no room for: their programs were too late, and nobody else."""
        total = 0
        for pid in [node["pid"] for node in self.nodes] + [self.client]:
            names, values = (line.split() for line in open(f"/proc/{pid}/net/snmp") if line.startswith("Udp: "))
            total += int(values[names.index("RcvbufErrors")])
        return total

    def nft(self, pid, text):
        subprocess.run(self.inside(pid) + ["nft", "-f", "-"], input=text, check=True, text=True, timeout=20)

    def sources(self, buckets, *scheme):
        """An address of the client for each of these buckets, by the hash of the lab or by another."""
        rows = [f"10.9.{number // 250}.{number % 250 + 1}" for number in range(4000)]
        batch = "protocol,source,source_port,destination,destination_port\n" + "".join(
            f"udp,{source},20000,{ADDRESS},{PORT}\n" for source in rows)
        scheme = scheme or (
            "--hashmode", "sourceip-sourceport", "--total-nodes", str(self.buckets), "--hash-init", "42")
        answer = subprocess.run(
            [self.program, "who", "--batch", "-", *scheme], input=batch, check=True, capture_output=True, text=True,
            timeout=60, env=self.environment).stdout.splitlines()
        place = answer[0].split(",").index("bucket")
        found = {}
        for source, row in zip(rows, answer[1:]):
            found.setdefault(int(row.split(",")[place]), source)
        return [f"{found[bucket]}:20000" for bucket in buckets]

    def place(self, first):
        """Buckets 1 to 16 on the node of that index, the rest on the other, none draining."""
        for index, node in enumerate(self.nodes[:2]):
            low, high = (1, 17) if index == first else (17, self.buckets + 1)
            owned = ", ".join(map(str, range(low, high)))
            text = "".join(f"flush set ip {TABLE} {name}\n" for name in ("owned", "draining", "adopted", "released"))
            self.nft(node["pid"], text + f"add element ip {TABLE} owned {{ {owned} }}\n")
