#!/usr/bin/env python3
"""Measures what clients notice while buckets move; prints a table, and with --json a file with everything.

    Scripts/build && Benchmarks/Moves/run.py [--json FILE] [PART…]       as root, about three minutes

Parts: gaps connections drains takeovers; all of them without one. Flows of 5,000 UDP packets a second, one for each bucket
that moves, are answered by two nodes of a lab and counted by the sender. The gap of a move is the longest stretch without
an answer, less the sending interval. A machine that cannot carry this rate while nothing moves, or while the command runs
and moves nothing, gets half of it, or a fifth. Overflow: packets that an answering program's socket had no room for.
Everything ends with the run, also when it is killed.
"""
import argparse
import json
import os
import pathlib
import signal
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Support")]
sys.dont_write_bytecode = True

import moves  # noqa: E402
from laboratory import Laboratory  # noqa: E402

COLUMNS = (("moves", "moves"), ("gap_ms_median", "median"), ("gap_ms_p95", "p95"), ("gap_ms_max", "max"),
           ("unanswered", "lost"), ("overflow", "overflow"), ("twice", "twice"), ("packets_per_second", "packets/s"),
           ("sender_stall_ms_median", "stall"), ("command_ms_median", "command"))


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    program = os.path.realpath(options.program)
    if not os.access(program, os.X_OK):
        sys.exit(f"{program} is not there; run Scripts/build")
    found = {}
    with Laboratory(program) as laboratory:
        for name in options.parts or PARTS:
            PARTS[name](laboratory, options.moves, found)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(found, indent=1) + "\n")


def gaps(laboratory, count, found):
    print(f"{'gap in ms':<18}{'buckets':>8}" + "".join(f"{title:>10}" for _, title in COLUMNS))
    found["gaps"] = []
    for name, buckets, values in moves.gaps(laboratory, count):
        found["gaps"].append({"way": name, "buckets": buckets, **values})
        print(f"{name:<18}{buckets:>8}" + "".join(f"{values[key]:>10}" for key, _ in COLUMNS), flush=True)


def connections(laboratory, count, found):
    values = found["connections"] = moves.connections(laboratory)
    print(f"{values['opened']} connections, {values['buckets_moved']} buckets moved: {values['lost']} lost, "
          f"{values['answered_afterwards']} echo afterwards", flush=True)


def drains(laboratory, count, found):
    values = found["drain_256"] = moves.drains(laboratory, 20)
    print(f"drain of 256 buckets, whole command: {values['ms_median']} ms, max {values['ms_max']}", flush=True)


def takeovers(laboratory, count, found):
    values = found["takeover_256"] = moves.takeovers(laboratory, 5)
    print(f"take-over of 256 buckets, whole command: {values['ms_median']} ms, max {values['ms_max']}", flush=True)


PARTS = {"gaps": gaps, "connections": connections, "drains": drains, "takeovers": takeovers}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=HERE.parent.parent / ".build" / "release" / "clusterip")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--moves", type=int, default=100, metavar="COUNT", help="moves of each kind (100)")
    parser.add_argument("parts", nargs="*", metavar="PART")
    options = parser.parse_args()
    for name in options.parts:
        if name not in PARTS:
            parser.error(f"there is no part {name}; there are {' '.join(PARTS)}")
    return options


if __name__ == "__main__":
    main()
