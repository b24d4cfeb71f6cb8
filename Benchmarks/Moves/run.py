#!/usr/bin/env python3
"""Measures what clients notice while buckets move: packets unanswered and answered twice, by three ways of moving.

usage: run.py [MOVES]     (as root; CLUSTERIP names the program, beside which clusterip-agent lies)

One flow of 5,000 packets a second stays in bucket 3; the bucket, alone or with fifteen others, moves to and fro between
two nodes of a lab. The gap of a move is the longest run of unanswered packets around it, in milliseconds.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAM = os.environ.get("CLUSTERIP", "clusterip")
FLOW = pathlib.Path(__file__).with_name("flow.py")
TABLE = "clusterip_10_8_0_1"
RATE = 5000
PAUSE = 0.6


def clusterip(*arguments):
    return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True, timeout=60).stdout


def inside(pid):
    return ["nsenter", f"--net=/proc/{pid}/ns/net"]


def nft(pid, text):
    subprocess.run(inside(pid) + ["nft", "-f", "-"], input=text, check=True, text=True, timeout=20)


def source_in(bucket):
    rows = "".join(f"udp,10.9.0.7,{port},10.8.0.1,7777\n" for port in range(20000, 21000))
    batch = "protocol,source,source_port,destination,destination_port\n" + rows
    answer = subprocess.run(
        [PROGRAM, "who", "--batch", "-", "--hashmode", "sourceip-sourceport", "--total-nodes", "32", "--hash-init", "42"],
        input=batch, check=True, capture_output=True, text=True, timeout=60).stdout.splitlines()
    place = answer[0].split(",").index("bucket")
    return next(int(row.split(",")[2]) for row in answer[1:] if row.split(",")[place] == str(bucket))


def by_clusterip(buckets, old, new):
    clusterip("move", text_of(buckets), "--to", new["name"], "--yes")


def by_nft(buckets, old, new):
    elements = "{ " + ", ".join(map(str, buckets)) + " }"
    nft(old["pid"], f"delete element ip {TABLE} owned {elements}\n")
    nft(new["pid"], f"add element ip {TABLE} owned {elements}\n")


def by_lookup(buckets, old, new):
    """What IPaddr2 does for each bucket: look the rule up, delete it; look again, insert it."""
    for node, verb in ((old, "delete"), (new, "add")):
        for bucket in buckets:
            look = inside(node["pid"]) + ["nft", "-a", "list", "table", "ip", TABLE]
            subprocess.run(look, check=True, capture_output=True, timeout=20)
            nft(node["pid"], f"{verb} element ip {TABLE} owned {{ {bucket} }}\n")


def text_of(buckets):
    return ",".join(map(str, buckets))


def measure(way, buckets, port, lab, moves):
    seconds = moves * (PAUSE + 0.9) + 2
    client = lab["client"]["pid"]
    flow = subprocess.Popen(
        inside(client) + ["python3", str(FLOW), "10.9.0.7", str(port), str(RATE), str(seconds)],
        stdout=subprocess.PIPE, text=True)
    time.sleep(1)
    times = []
    nodes = lab["nodes"][:2]
    for number in range(moves):
        old, new = nodes[number % 2], nodes[1 - number % 2]
        begin = time.monotonic()
        way(buckets, old, new)
        times.append((begin, time.monotonic()))
        time.sleep(PAUSE)
    packets = [(float(a), int(b)) for a, b in (line.split() for line in flow.communicate(timeout=300)[0].splitlines())]
    gaps, twice, lost = [], 0, 0
    for begin, end in times:
        around = [answers for sent, answers in packets if begin - 0.05 <= sent <= end + 0.2]
        longest = run = 0
        for answers in around:
            run = run + 1 if answers == 0 else 0
            longest = max(longest, run)
        gaps.append(longest * 1000 / RATE)
        twice += sum(1 for answers in around if answers > 1)
        lost += sum(1 for answers in around if answers == 0)
    return gaps, lost, twice


def main():
    if sys.argv[1:2] in (["-h"], ["--help"]):
        sys.exit(__doc__)
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory(prefix="clusterip-bench-") as runtime:
        os.environ["XDG_RUNTIME_DIR"] = os.environ["XDG_STATE_HOME"] = runtime
        path = clusterip("lab", "up", "--nodes", "2", "--buckets", "32", "--no-traffic").strip()
        try:
            lab = json.loads((pathlib.Path(path).parent / "lab.json").read_text())
            port = source_in(3)
            print(f"{moves} moves each; gap in ms, one packet is {1000 / RATE} ms")
            print(f"{'way':<34}{'buckets':>8}{'median':>9}{'max':>9}{'lost':>7}{'twice':>7}")
            ways = (("clusterip move", by_clusterip), ("two nft -f calls", by_nft), ("look up, then change", by_lookup))
            for buckets in ([3], list(range(1, 17))):
                for name, way in ways:
                    clusterip_reset(lab)
                    gaps, lost, twice = measure(way, buckets, port, lab, moves)
                    middle = statistics.median(gaps)
                    print(f"{name:<34}{len(buckets):>8}{middle:>9.2f}{max(gaps):>9.2f}{lost:>7}{twice:>7}", flush=True)
        finally:
            clusterip("lab", "down")


def clusterip_reset(lab):
    """Buckets 1 to 16 on the first node, none draining anywhere."""
    for index, node in enumerate(lab["nodes"][:2]):
        text = "".join(f"flush set ip {TABLE} {name}\n" for name in ("owned", "draining", "adopted", "released"))
        owned = ", ".join(map(str, range(1, 17) if index == 0 else range(17, 33)))
        nft(node["pid"], text + f"add element ip {TABLE} owned {{ {owned} }}\n")


main()
