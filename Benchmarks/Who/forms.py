"""Lines of TCP flows as tools print them, a million or more of each form."""
import random

CLUSTER = "10.8.0.1"


def conntrack(number, source, port, to):
    return (f"src={source} dst={CLUSTER} sport={port} dport={to}",
            f"src={CLUSTER} dst={source} sport={to} dport={port} [ASSURED] mark={number % 16 + 1} use=1\n")


FORMS = {
    "conntrack -L, counters": ("", lambda n, s, p, d: "tcp      6 431999 ESTABLISHED {} packets=10 bytes=1000 {}".format(
        *conntrack(n, s, p, d))),
    "conntrack -E": ("", lambda n, s, p, d: f"    [NEW] tcp      6 120 SYN_SENT {conntrack(n, s, p, d)[0]} [UNREPLIED] "
                     f"src={CLUSTER} dst={s} sport={d} dport={p}\n"),
    "ss -tan": ("", lambda n, s, p, d: f"ESTAB 0      0           {CLUSTER}:{d}    {s}:{p}   \n"),
    "netstat -tn": ("", lambda n, s, p, d: f"tcp        0      0 {f'{CLUSTER}:{d}':23} {f'{s}:{p}':23} ESTABLISHED\n"),
    "lsof -nPi": ("", lambda n, s, p, d: f"nginx  812 www  4u  IPv4  {n}  0t0  TCP {CLUSTER}:{d}->{s}:{p} (ESTABLISHED)\n"),
    "tcpdump -n": ("", lambda n, s, p, d: f"12:00:00.{n % 10**6:06} IP {s}.{p} > {CLUSTER}.{d}: Flags [S], seq {n}, win 64240, "
                   "options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7], length 0\n"),
    "tshark -n": ("", lambda n, s, p, d: f"{n:6}   1.184622 {s:>12} → {CLUSTER}     TCP 74 {p} → {d} [SYN] Seq=0 Win=64240 Len=0\n"),
    "kernel log": ("", lambda n, s, p, d: "Nov 27 10:00:00 fw1 kernel: [12345.678901] cip: IN=eth0 OUT= MAC=01:00:5e:08:00:01:0a:00:"
                   f"00:00:00:01:08:00 SRC={s} DST={CLUSTER} LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID={n % 65536} DF PROTO=TCP "
                   f"SPT={p} DPT={d} WINDOW=64240 RES=0x00 SYN URGP=0\n"),
    "haproxy": ("", lambda n, s, p, d: f"Nov 27 10:00:00 lb haproxy[99]: {s}:{p} [27/Nov/2026:10:00:00.655] fe be/s1 10/0/30/69/109 "
                "200 2750 - - ---- 1/1/1/1/0 0/0 \"GET / HTTP/1.1\"\n"),
    "nfdump": ("", lambda n, s, p, d: f"2026-11-27 10:00:00.000     0.000 TCP   {s:>15}:{p:<5} -> {CLUSTER:>15}:{d:<5}        1"
               "       60     1\n"),
    "NDJSON": ("", lambda n, s, p, d: f'{{"protocol":"tcp","source":"{s}","source_port":{p},"destination":"{CLUSTER}",'
               f'"destination_port":{d}}}\n'),
    "Suricata EVE": ("", lambda n, s, p, d: f'{{"timestamp":"2026-11-27T10:00:00.123456+0000","flow_id":{10**15 + n},"in_iface":"eth0",'
                     f'"event_type":"flow","src_ip":"{s}","src_port":{p},"dest_ip":"{CLUSTER}","dest_port":{d},"proto":"TCP",'
                     '"app_proto":"http","flow":{"pkts_toserver":5,"pkts_toclient":4,"bytes_toserver":400,"bytes_toclient":900,'
                     '"start":"2026-11-27T10:00:00.1+0000","state":"established"}}\n'),
    "Zeek conn.log": ("#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\n",
                      lambda n, s, p, d: f"1795887761.{n % 10**6:06}\tC{n}\t{s}\t{p}\t{CLUSTER}\t{d}\ttcp\thttp\t0.1\n"),
    "VPC flow log": ("", lambda n, s, p, d: f"2 123456789010 eni-1235b8ca123456789 {s} {CLUSTER} {p} {d} 6 20 4249 1418530010 "
                     "1418530070 ACCEPT OK\n"),
    "CSV, quoted": ("time,protocol,source,source_port,destination,destination_port\n",
                    lambda n, s, p, d: f'"{n}","tcp","{s}","{p}","{CLUSTER}","{d}"\n'),
}


def write(name, count, path):
    """Writes so many lines of a form to a file, of a hundred thousand different flows."""
    header, line = FORMS[name]
    draw = random.Random(5)
    block = "".join(
        line(number, "10.%d.%d.%d" % tuple(draw.randrange(256) for _ in range(3)), draw.randrange(1024, 65536),
             draw.choice([80, 443])) for number in range(100_000))
    with open(path, "w") as file:
        file.write(header)
        for _ in range(count // 100_000):
            file.write(block)
    return count // 100_000 * 100_000
