"""The driver's reading of counters, and what a packet costs: the figures of the programs here, as rows."""
import os
import re
import statistics
import subprocess

from table import Row


def counters(setting):
    """Reads all counters: the driver's sample, a loop in C over the same sets, and `nft -j list`, in turns."""
    peer = setting.compile("DataPlane/peer.c")
    program = setting.product("dataplane-benchmark")
    done = subprocess.run(["unshare", "-n", program, peer], check=True, stdout=subprocess.PIPE, text=True)
    found = {}
    for line in done.stdout.splitlines():
        match = re.match(r"(.*?) +N (\d+) +(.*?) +p50 +([\d.]+) us", line)
        if match:
            found.setdefault((int(match[2]), f"{match[1]} {match[3]}"), []).append(float(match[4]) / 1000)
    figures = {key: statistics.median(values) for key, values in found.items()}
    for total in sorted({total for total, _ in figures}):
        peers = {"C": figures[total, "peer in C all sets"], "nft -j": figures[total, "nft -j list all sets"]}
        yield Row(f"read all counters, N = {total}, ms", figures[total, "driver in Swift sample"], peers, "<= 1.5 x C")


def packets(setting):
    """What a packet costs more than without rules, in nanoseconds of processor time."""
    flood = setting.compile("DataPlane/flood.c")
    script = os.path.join(setting.here, "DataPlane", "packets")
    done = subprocess.run(
        [script, setting.product("dataplane-benchmark"), flood, setting.compile("DataPlane/reply.c")], check=True,
        stdout=subprocess.PIPE, text=True)
    costs = {}
    for line in done.stdout.splitlines():
        match = re.match(r"(.*?) +\d+ ns +([+-]\d+)", line)
        if match:
            costs[match[1]] = float(match[2])
    for name, cost in costs.items():
        if name.endswith((", replies", ", replies without marks")):
            total = name.split(",")[1]
            peers = {"nf_conntrack_acct": costs[f"clusterip,{total}, nf_conntrack_acct"]}
            yield Row(f"a reply, {name[11:]}, ns more", cost, peers, "<= 110 ns")
        elif name.startswith("clusterip") and not name.endswith(("not counted", "acct")):
            part = "4 of 16" if " of 16" in name else "16 rules"
            end = next((word for word in (", segments", ", open") if name.endswith(word)), "")
            wanted = [f"IPaddr2, {part}, conntrack{end}"]
            wanted += [] if end else [f"IPaddr2, {part}", f"xt_cluster, {part}"]
            peers = {peer: costs[peer] for peer in wanted if peer in costs}
            yield Row(f"a packet, {name[11:]}, ns more", cost, peers, "<= IPaddr2 with conntrack")
