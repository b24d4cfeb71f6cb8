"""`clusterip who` as a whole process beside other programs doing the same or less, in turns."""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import forms
from table import Row

HERE = pathlib.Path(__file__).resolve().parent
PLACEMENT = ["--hashmode", "sourceip-sourceport", "--total-nodes", "16", "--hash-init", "42"]


def timed(command):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def measure(title, unit, amount, programs, rounds):
    times = {name: [] for name in programs}
    for _ in range(rounds):
        for name, command in programs.items():
            times[name].append(timed(command))
    say(f"\n{title}, {amount} {unit}, median of {rounds}")
    medians = {name: statistics.median(values) for name, values in times.items()}
    base = next(iter(medians.values()))
    for name, values in times.items():
        median = medians[name]
        say(f"  {name:36} {median:8.3f} s  {amount / median / 1e6:7.2f} M {unit}/s  {median / base:6.2f} x"
            f"  [{min(values):.3f}..{max(values):.3f}]")
    return {name: amount / median / 1e6 for name, median in medians.items()}


def peak(command):
    """The most memory a command has at once, in KiB."""
    script = "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);" \
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    return int(subprocess.run(["python3", "-c", script] + command, capture_output=True, check=True).stdout)


def say(text):
    print(text, file=sys.stderr)


class Who:
    """Makes the input, lets the programs take turns, and tells what they took."""

    def __init__(self, clusterip, rounds=7, lines=4_000_000, packets=1_000_000):
        self.who = [clusterip, "who"]
        self.rounds, self.lines, self.packets = rounds, lines, packets

    def rows(self):
        """A row for each thing that is measured; all medians go to standard error."""
        with tempfile.TemporaryDirectory(prefix="who-benchmark-") as directory:
            place = pathlib.Path(directory)
            for name in ["generate", "parser"]:
                subprocess.run(["cc", "-O3", HERE / f"{name}.c", "-o", place / name], check=True)
            lines, capture = str(place / "lines.txt"), str(place / "packets.pcap")
            table, entries = str(place / "table.csv"), str(place / "entries.txt")
            for kind, count, path in [("lines", self.lines, lines), ("pcap", self.packets, capture),
                                      ("csv", self.lines, table), ("conntrack", self.lines, entries)]:
                with open(path, "wb") as file:
                    subprocess.run([place / "generate", kind, str(count)], stdout=file, check=True)
            yield from self.text(str(place / "parser"), lines)
            yield from self.table(table)
            yield from self.entries(entries)
            yield from self.capture(capture)
            yield from self.forms(place)

    def text(self, parser, lines):
        summary = self.who + ["--batch", lines, "--summary", "--format", "csv"] + PLACEMENT
        listing = self.who + ["--batch", lines] + PLACEMENT
        speed = measure("text lines", "lines", self.lines, present({
            "C": [parser, lines],
            "summary": summary,
            "listing": listing,
            "listing, NDJSON": listing + ["--format", "ndjson"],
            "mawk {c[$1]++}": ["mawk", "{c[$1]++}", lines],
            "mawk ports, no hash": ["mawk", "-F[ :]", "{split($2,a,\".\");c[$3]+=a[4]}", lines],
        }), self.rounds)
        peers = {name: speed[name] for name in ["C", "mawk {c[$1]++}", "mawk ports, no hash"] if name in speed}
        yield Row("flow lines summed up, M lines/s", speed["summary"], peers, ">= 12")
        yield Row("flow lines listed, CSV, M lines/s", speed["listing"], peers)
        yield Row("flow lines listed, NDJSON, M lines/s", speed["listing, NDJSON"], peers)
        yield Row("memory of such a summary, MiB", peak(summary) / 1024)

    def table(self, table):
        summary = self.who + ["--batch", table, "--summary", "--format", "csv"] + PLACEMENT
        listing = self.who + ["--batch", table] + PLACEMENT
        speed = measure("rows of seven columns", "rows", self.lines, present({
            "listing, CSV": listing,
            "summary": summary,
            "listing, NDJSON": listing + ["--format", "ndjson"],
            "mawk, a column more": ["mawk", "-F,", "{print $0 \",\" NR % 16 + 1}", table],
            "mlr, a column more": ["mlr", "--icsv", "--ocsv", "put", "$bucket = NR % 16 + 1", table],
        }), self.rounds)
        peers = {name: speed[name] for name in ["mawk, a column more", "mlr, a column more"] if name in speed}
        yield Row("rows of CSV to CSV, M rows/s", speed["listing, CSV"], peers, ">= 3")
        yield Row("rows of CSV summed up, M rows/s", speed["summary"], peers, ">= 12")
        yield Row("rows of CSV to NDJSON, M rows/s", speed["listing, NDJSON"], peers)
        yield Row("memory of such a listing, MiB", peak(listing) / 1024, {}, "<= 30")

    def entries(self, entries):
        summary = self.who + ["--batch", entries, "--summary", "--format", "csv"] + PLACEMENT
        speed = measure("entries of conntrack -L", "entries", self.lines, present({
            "summary": summary,
            "listing": self.who + ["--batch", entries] + PLACEMENT,
            "mawk {c[$5]++}": ["mawk", "{c[$5]++}", entries],
        }), self.rounds)
        peers = {name: speed[name] for name in ["mawk {c[$5]++}"] if name in speed}
        yield Row("entries of conntrack summed up, M/s", speed["summary"], peers, ">= 12")
        yield Row("entries of conntrack listed, M/s", speed["listing"], peers)

    def forms(self, place):
        """Every other form summed up, beside what counts lines and what counts a word."""
        path = str(place / "form.txt")
        for name in forms.FORMS:
            count = forms.write(name, self.lines, path)
            summary = self.who + ["--batch", path, "--summary", "--format", "csv"] + PLACEMENT
            speed = measure(name, "lines", count, present({
                "summary": summary,
                "wc -l": ["wc", "-l", path],
                "mawk {c[$5]++}": ["mawk", "{c[$5]++}", path],
            }), self.rounds)
            yield Row(f"{name}, M lines/s", speed.pop("summary"), speed, ">= 12")

    def capture(self, capture):
        packets = self.who + ["--pcap", capture, "--format", "csv"] + PLACEMENT
        speed = measure("capture", "packets", self.packets, present({
            "tcpdump --count": ["tcpdump", "--count", "-r", capture],
            "who --pcap": packets,
            "tcpdump -nn -q -t": ["tcpdump", "-nn", "-q", "-t", "-r", capture],
        }), self.rounds)
        times = {name: self.packets / value / 1e3 for name, value in speed.items()}
        ours = times.pop("who --pcap")
        yield Row(f"capture of {self.packets} packets, ms", ours, times, "<= 2 x the first")
        yield Row("memory of that, MiB", peak(packets) / 1024)


def present(programs):
    """Those programs that are installed."""
    return {name: command for name, command in programs.items() if shutil.which(command[0]) or os.path.exists(command[0])}
