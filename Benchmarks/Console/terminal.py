"""Programs in pseudo-terminals, watched from outside; several at a time, so that they meet the same noise."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

SIZE = (40, 120)  # rows, columns
# What a plain xterm answers to the questions that programs ask it; an unanswered one costs a program its patience.
ANSWERS = [
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[5n"), b"\x1b[0n"),
    (re.compile(rb"\x1b\[0?c"), b"\x1b[?64;1;22c"),
    (re.compile(rb"\x1b\[>0?c"), b"\x1b[>41;390;0c"),
    (re.compile(rb"\x1b\]11;\?(?:\x07|\x1b\\)"), b"\x1b]11;rgb:0000/0000/0000\x1b\\"),
]
ESCAPES = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Za-z0-9]|\x1b.", re.S)
TICK = os.sysconf("SC_CLK_TCK")


class Program:
    """A program in a pseudo-terminal of 120x40. `bursts` holds the time and the size of everything it wrote."""

    def __init__(self, name, command, environment=None):
        self.name = name
        self.output = bytearray()
        self.bursts = []
        self.ended = False
        variables = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(environment or {})}
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        os.set_inheritable(slave, True)
        started, start = os.pipe()  # close-on-exec: the end of it is the moment of exec
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for descriptor in (0, 1, 2):
                    os.dup2(slave, descriptor)
                os.write(start, struct.pack("d", time.monotonic()))
                os.execvpe(command[0], command, variables)
            finally:
                os._exit(127)
        os.close(slave)
        os.close(start)
        self.born = struct.unpack("d", os.read(started, 8))[0]
        os.close(started)

    def read(self):
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            data = b""
        if not data:
            self.ended = True
            return
        self.bursts.append((time.monotonic(), len(data)))
        self.output += data
        for question, answer in ANSWERS if b"\x1b" in data else ():
            for _ in question.finditer(data):
                os.write(self.master, answer)

    def text(self):
        return ESCAPES.sub(b"", bytes(self.output)).decode("utf-8", "replace")

    def close(self):
        """Ends the program as an operator would, then by force."""
        for action in (lambda: os.write(self.master, b"q"), lambda: os.kill(self.pid, signal.SIGTERM),
                       lambda: os.kill(self.pid, signal.SIGKILL)):
            try:
                action()
            except OSError:
                pass
            limit = time.monotonic() + 1
            while time.monotonic() < limit:
                pump([self], 0.02)
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    os.close(self.master)
                    return

    def tree(self):
        """The process ids of the program and of all below it."""
        children = {}
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{entry}/stat") as file:
                    parent = int(file.read().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry))
            except OSError:
                pass
        found = [self.pid]
        for process in found:
            found += children.get(process, [])
        return found

    def processor_seconds(self):
        """Processor time of the whole tree, to the nanosecond; children that have ended, to the tick."""
        total = 0.0
        for process in self.tree():
            try:
                with open(f"/proc/{process}/stat") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
                total += (int(fields[13]) + int(fields[14])) / TICK
                for thread in os.listdir(f"/proc/{process}/task"):
                    with open(f"/proc/{process}/task/{thread}/schedstat") as file:
                        total += int(file.read().split()[0]) * 1e-9
            except OSError:
                pass
        return total


def memory(process, field="VmRSS"):
    """A field of /proc/PID/status in MiB."""
    with open(f"/proc/{process}/status") as file:
        for line in file:
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
    return 0.0


def pump(programs, seconds, until=lambda: False):
    """Takes what programs write for a while, or until something has happened."""
    limit = time.monotonic() + seconds
    poll = select.poll()
    by_descriptor = {}
    for program in programs:
        if not program.ended:
            poll.register(program.master, select.POLLIN)
            by_descriptor[program.master] = program
    while by_descriptor and not until() and (left := limit - time.monotonic()) > 0:
        for descriptor, _ in poll.poll(left * 1000):
            by_descriptor[descriptor].read()
            if by_descriptor[descriptor].ended:
                poll.unregister(descriptor)
                del by_descriptor[descriptor]


def settle(program, seconds=10, gap=0.04, ready=lambda program: len(program.output) >= 400):
    """Waits for a paint: output followed by silence, when `ready`. Returns the time of its last byte since exec, in ms."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit and not program.ended:
        count = len(program.bursts)
        pump([program], gap, lambda: len(program.bursts) > count)
        if len(program.bursts) == count and count and ready(program):
            return (program.bursts[-1][0] - program.born) * 1000
    return None
