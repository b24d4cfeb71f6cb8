"""Three ways to move buckets from one node to another, and one to leave them."""
import re
import subprocess
import time

from laboratory import ADDRESS, TABLE

CHAIN = "IPaddr2_10_8_0_1"
SCHEME = "jhash ip saddr mod 32 seed 0x2a offset 1"


def by_clusterip(laboratory, buckets, old, new):
    laboratory.clusterip("move", text_of(buckets), "--to", new["name"], "--yes")


def by_nft(laboratory, buckets, old, new):
    """Two `nft -f` calls in a row: the order in which no two nodes answer."""
    elements = "{ " + ", ".join(map(str, buckets)) + " }"
    laboratory.nft(old["pid"], f"delete element ip {TABLE} owned {elements}\n")
    laboratory.nft(new["pid"], f"add element ip {TABLE} owned {elements}\n")


def by_ipaddr2(laboratory, buckets, old, new):
    """What Pacemaker's IPaddr2 does, bucket by bucket: look for the rule's handle, delete it; look again, insert it."""
    for bucket in buckets:
        handle = re.search(rf'"cip-node-{bucket}" # handle (\d+)', listing(laboratory, old)).group(1)
        run(laboratory, old, f"delete rule ip {CHAIN} prerouting handle {handle}")
        if f'"cip-node-{bucket}"' not in listing(laboratory, new):
            run(laboratory, new, f"insert rule ip {CHAIN} prerouting {rule(bucket)}")


def not_at_all(laboratory, buckets, old, new):
    time.sleep(0.05)


def by_dry_run(laboratory, buckets, old, new):
    """All that a move does besides moving: the same programs start, look and count. The first node owns the buckets."""
    laboratory.clusterip("move", text_of(buckets), "--to", laboratory.nodes[1]["name"], "--yes", "--dry-run")


def prepare_ipaddr2(laboratory):
    """IPaddr2's table in place of ours, with buckets 1 to 16 on the first node and the rest on the second."""
    for node, buckets in zip(laboratory.nodes, (range(1, 17), range(17, 33))):
        rules = "".join(rule(bucket) + "\n" for bucket in buckets)
        laboratory.nft(node["pid"], f"""
            delete table ip {TABLE}
            table ip {CHAIN} {{
            chain prerouting {{
            type filter hook prerouting priority mangle
            {rules} iif eth0 ip daddr {ADDRESS} drop
            }}
            }}
            """)


def rule(bucket):
    return f'iif eth0 ip daddr {ADDRESS} {SCHEME} {bucket} meta pkttype set host accept comment "cip-node-{bucket}"'


def listing(laboratory, node):
    look = laboratory.inside(node["pid"]) + ["nft", "-a", "list", "table", "ip", CHAIN]
    return subprocess.run(look, check=True, capture_output=True, text=True, timeout=20).stdout


def run(laboratory, node, command):
    subprocess.run(laboratory.inside(node["pid"]) + ["nft", command], check=True, timeout=20)


def text_of(buckets):
    return ",".join(map(str, buckets))
