"""The console beside other full-screen programs, in the same run: paint, keys, bytes, processor time, memory."""
import os
import random
import stat
import statistics
import time

from terminal import Program, memory, pump, settle
from table import Row

PAINTS = 15
KEYS = 100
SECONDS = 15
# What moves the selection down and up; top has none, so it changes its columns' alignment.
KEY_PAIRS = {"htop": (b"\x1b[B", b"\x1b[A"), "btop": (b"\x1b[B", b"\x1b[A"), "top": (b"j", b"j")}


class Console:
    """Benchmarks of `clusterip console`, with the programs it is compared with."""

    def __init__(self, setting):
        self.setting = setting
        self.cluster = setting.lab()
        self.agent = setting.scratch("silent-agent", "#!/bin/sh\nexec cat >/dev/null\n")
        os.chmod(self.agent, stat.S_IRWXU)
        grid = setting.compile("Console/grid.c", "-lncursesw", "-ltinfo")
        # btop keeps its interval in a file; its default is two seconds.
        setting.scratch("btop/btop.conf", "update_ms = 1000\n")
        self.peers = {"htop": ["htop", "-d", "10"], "btop": ["btop"], "top": ["top", "-d", "1"], "grid in C": [grid]}
        for name in list(self.peers):
            if not self.runs(name):
                setting.say(f"{name} is not installed, so it is not compared with")
                del self.peers[name]

    def runs(self, name):
        """Whether a peer is there and paints something."""
        if not self.setting.finds(self.peers[name][0]):
            return False
        program = self.start(name)
        painted = settle(program)
        program.close()
        return painted is not None

    def start(self, name, silent=False):
        if name in self.peers:
            return Program(name, self.peers[name], {"XDG_CONFIG_HOME": self.setting.directory})
        command = [self.setting.product("clusterip"), "console", "--cluster", self.cluster]
        return Program(name, command, {"CLUSTERIP_AGENT": self.agent} if silent else None)

    def paint(self):
        """From exec to the first full paint, and to the first data."""
        first = {name: [] for name in ["console", *self.peers]}
        byte, data = [], []
        for _ in range(PAINTS):
            for name in first:
                program = self.start(name, silent=True)
                first[name].append(settle(program))
                if name == "console":
                    byte.append((program.bursts[0][0] - program.born) * 1000)
                program.close()
            program = self.start("console")
            data.append(settle(program, ready=lambda program: program.text().count("live") >= 3))
            program.close()
        figures = {name: statistics.median(times) for name, times in first.items()}
        ours = figures.pop("console")
        yield Row("exec to first byte, ms", statistics.median(byte), {})
        yield Row("exec to first full paint, ms", ours, figures, "<= 25")
        yield Row("exec to the first data of 3 nodes, ms", statistics.median(data), {}, "<= 150 later")

    def keys(self):
        """From a key to the first byte of its answer; the programs take turns, key by key."""
        programs = {name: self.start(name) for name in ["console", *self.peers]}
        for program in programs.values():
            settle(program)
        pump(programs.values(), 2)
        times = {name: [] for name in programs}
        random.seed(1)
        for turn in range(KEYS):
            for name, program in programs.items():
                keys = KEY_PAIRS.get(name, (b"j", b"k"))
                pump(programs.values(), random.uniform(0.02, 0.06))
                times[name].append(answer_time(program, programs.values(), keys[turn % 2]))
        for program in programs.values():
            program.close()
        for title, share, aim in (("p50", 0.5, "<= 1"), ("p99", 0.99, "<= 8")):
            figures = {name: sorted(row)[int(len(row) * share)] for name, row in times.items()}
            yield Row(f"key to repaint {title}, ms", figures.pop("console"), figures, aim)

    def load(self):
        """One refresh a second, all programs at once: bytes, processor time, memory."""
        programs = {name: self.start(name) for name in ["console", *self.peers]}
        for program in programs.values():
            settle(program)
        pump(programs.values(), 3)
        before = {name: (len(program.output), program.processor_seconds()) for name, program in programs.items()}
        pump(programs.values(), SECONDS)
        sizes, shares, sums = {}, {}, {}
        for name, program in programs.items():
            size, seconds = before[name]
            sizes[name] = (len(program.output) - size) / SECONDS
            shares[name] = (program.processor_seconds() - seconds) / SECONDS * 100
            sums[name] = memory(program.pid)
        agents = programs["console"].tree()[1:]
        largest = max(agents, key=memory)
        extra = {"console": memory(programs["console"].pid, "RssAnon"), "agent": memory(largest, "RssAnon")}
        agent = memory(largest)
        for program in programs.values():
            program.close()
        yield Row("bytes a second at 1 Hz, every counter changing", sizes.pop("console"), sizes, "<= 1536")
        yield Row(f"processor at 1 Hz with {len(agents)} agents, %", shares.pop("console"), shares, "<= 0.5")
        yield Row("memory of the console, RSS MiB", sums.pop("console"), sums, "<= 20")
        yield Row("… of it anonymous", extra["console"], {})
        yield Row("memory of an agent, RSS MiB", agent, {}, "<= 8")
        yield Row("… of it anonymous", extra["agent"], {})

    def simulated(self):
        """64 simulated nodes of 1,024 buckets in the console's own process."""
        command = [self.setting.product("clusterip"), "demo", "--simulated", "--nodes", "64", "--buckets", "1024"]
        program = Program("simulated", command)
        settle(program)
        pump([program], 3)
        before = program.processor_seconds()
        pump([program], SECONDS)
        share, size = (program.processor_seconds() - before) / SECONDS * 100, memory(program.pid)
        program.close()
        yield Row("64 simulated nodes x 1024 buckets at 1 Hz, %", share, {}, "<= 5")
        yield Row("… memory, RSS MiB", size, {}, "<= 100")


def answer_time(program, programs, key):
    """Milliseconds from a key to the first byte of the answer; 250 when there is none."""
    count = len(program.bursts)
    start = time.monotonic()
    os.write(program.master, key)
    pump(programs, 0.25, lambda: len(program.bursts) > count)
    if len(program.bursts) == count:
        return 250.0
    return (program.bursts[count][0] - start) * 1000
