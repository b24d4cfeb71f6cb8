"""What clients notice while buckets move, counted by a client that knows nothing of clusterip."""
import os
import signal
import statistics
import sys
import time

import ways
from laboratory import ADDRESS, PORT

RATES = (5000, 2500, 1000)
PAUSE = 0.03
CONNECTIONS = 10000
SIXTEEN = list(range(1, 17))


def measure(laboratory, way, buckets, sources, rate, count, seconds):
    """Moves buckets to and fro under one flow for each, `count` times or for so many seconds."""
    flows = laboratory.start(laboratory.client, "flows", ADDRESS, PORT, str(rate), str(seconds + 10), *sources)
    time.sleep(0.3)
    moves, nodes, begun, overflow = [], laboratory.nodes[:2], time.monotonic(), laboratory.overflow()
    while len(moves) < count and time.monotonic() - begun < seconds:
        old, new = nodes[len(moves) % 2], nodes[1 - len(moves) % 2]
        start = time.monotonic_ns()
        way(laboratory, buckets, old, new)
        moves.append((start, time.monotonic_ns()))
        time.sleep(PAUSE)
    time.sleep(0.1)
    text, _ = flows.communicate("".join(f"{start} {end}\n" for start, end in moves), timeout=60)
    values = result(rate, sources, moves, [line.split() for line in text.splitlines()])
    return {**values, "overflow": laboratory.overflow() - overflow}


def result(rate, sources, moves, lines):
    parts = [[int(word) for word in line[1:]] for line in lines if line[0] == "move"]
    sent, unanswered, twice, seconds = next(line[1:] for line in lines if line[0] == "all")
    gaps = sorted(part[2] / 1e6 for part in parts)
    return {
        "moves": len(moves),
        "flows": len({part[1] for part in parts}),
        "packets_per_second_wanted": rate * len(sources),
        "packets_per_second": round(int(sent) / float(seconds)),
        "gap_ms_median": round(statistics.median(gaps), 3),
        "gap_ms_p95": round(gaps[len(gaps) * 95 // 100], 3),
        "gap_ms_max": round(gaps[-1], 3),
        "unanswered": int(unanswered),
        "unanswered_per_move_and_flow": round(sum(part[3] for part in parts) / len(parts), 2),
        "twice": int(twice),
        "sender_stall_ms_median": round(statistics.median(part[5] for part in parts) / 1e6, 3),
        "command_ms_median": round(statistics.median(end - start for start, end in moves) / 1e6, 1),
    }


def gaps(laboratory, count):
    """One bucket, then sixteen at once, by each way; a line of its own for each."""
    for buckets in ([3], SIXTEEN):
        laboratory.up(2, 32)
        sources = laboratory.sources(buckets)
        for rate in RATES:
            values = measure(laboratory, ways.not_at_all, buckets, sources, rate, count, 20)
            yield "nothing moves", len(buckets), values
            if not is_clean(values):
                continue
            values = measure(laboratory, ways.by_dry_run, buckets, sources, rate, count, 20)
            yield "clusterip --dry-run", len(buckets), values
            if is_clean(values):
                break
        for name, way in (("clusterip move", ways.by_clusterip), ("two nft -f calls", ways.by_nft)):
            laboratory.place(0)
            yield name, len(buckets), measure(laboratory, way, buckets, sources, rate, count, 25)
        ways.prepare_ipaddr2(laboratory)
        sources = laboratory.sources(buckets, "--scheme", ways.SCHEME)
        yield "IPaddr2's steps", len(buckets), measure(laboratory, ways.by_ipaddr2, buckets, sources, rate, count, 20)


def is_clean(values):
    """Whether the machine carried the rate, where nothing moved: next to nothing was late or lost."""
    wanted = values["packets_per_second_wanted"]
    return values["packets_per_second"] >= 0.98 * wanted and values["unanswered"] <= 0.0005 * wanted


def connections(laboratory):
    """Every bucket moves away and back, gracefully, under 10,000 established connections."""
    laboratory.up(2, 32)
    client = laboratory.start(laboratory.client, "connections", ADDRESS, PORT, str(CONNECTIONS))
    opened = int(client.greeting.split()[1])
    rounds = [next_round(client)]
    for _ in range(2):
        for buckets, name in (("1-16", "node2"), ("17-32", "node1"), ("1-16", "node1"), ("17-32", "node2")):
            laboratory.clusterip("move", buckets, "--to", name, "--yes")
            rounds.append(next_round(client))
    # A round that begins after the last move.
    rounds += [next_round(client), next_round(client)]
    _, still, answered = rounds[-1]
    return {
        "opened": opened, "buckets_moved": 8 * 16, "lost": opened - still, "answered_afterwards": answered,
        "rounds": [{"open": still, "answered": answered} for _, still, answered in rounds],
    }


def next_round(client):
    return [int(word) for word in client.stdout.readline().split()[1:]]


def drains(laboratory, count):
    """A node of 256 buckets is drained onto two others, and gets them back."""
    laboratory.up(3, 768)
    times = []
    for _ in range(count):
        times.append(timed(laboratory, "drain", "node1", "--yes"))
        laboratory.clusterip("restore", "node1", "--yes")
    return spread(times)


def takeovers(laboratory, count):
    """A node of 256 buckets dies, and two others take them over: until every bucket is claimed and answered."""
    times = []
    for _ in range(count):
        laboratory.up(3, 768)
        os.kill(laboratory.nodes[2]["pid"], signal.SIGKILL)
        time.sleep(0.2)
        times.append(timed(laboratory, "takeover", "node3", "--yes", "--force", "not-fenced"))
        if "every bucket has exactly one owner" not in laboratory.clusterip("status").stdout:
            sys.exit("the take-over left buckets without an owner")
    return spread(times)


def timed(laboratory, *arguments):
    start = time.monotonic()
    laboratory.clusterip(*arguments)
    return (time.monotonic() - start) * 1000


def spread(times):
    return {"times": len(times), "ms_median": round(statistics.median(times), 1), "ms_max": round(max(times), 1)}
