#!/usr/bin/env python3
"""Writes the small captures of this directory, byte by byte as the formats' descriptions have them.

The same eight packets under every link layer: TCP and UDP to 10.8.0.1, one with ports hashed and one with IP options,
ICMP, a first and a later fragment, one cut short, one to another address, and ARP (where the layer can carry it).
"""

import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
CLUSTER = "10.8.0.1"


def address(text):
    return bytes(int(part) for part in text.split("."))


def ipv4(protocol, source, destination, payload, fragment=0, options=b""):
    length = 20 + len(options) + len(payload)
    return struct.pack(
        "!BBHHHBBH4s4s", 0x40 | (5 + len(options) // 4), 0, length, 7, fragment, 64, protocol, 0,
        address(source), address(destination)) + options + payload


def ports(source, destination, rest=8):
    return struct.pack("!HH", source, destination) + bytes(rest)


def ipv6(payload, next_header):
    host = bytes.fromhex("20010db8000000000000000000000001")
    return struct.pack("!IHBB", 6 << 28, len(payload), next_header, 64) + host + host[:-1] + b"\2" + payload


PACKETS = [
    (0x0800, ipv4(6, "10.9.0.1", CLUSTER, ports(40000, 80, 16))),
    (0x0800, ipv4(17, "10.9.0.2", CLUSTER, ports(5000, 53))),
    (0x0800, ipv4(6, "10.9.0.1", CLUSTER, ports(40000, 80, 16), options=bytes([1, 1, 1, 0]))),
    (0x0800, ipv4(1, "10.9.0.3", CLUSTER, bytes(8))),
    (0x0800, ipv4(17, "10.9.0.4", CLUSTER, ports(6000, 53), fragment=0x2000)),
    (0x0800, ipv4(17, "10.9.0.4", CLUSTER, bytes(32), fragment=2)),
    (0x0800, ipv4(6, "10.9.0.5", CLUSTER, ports(1, 2))[:21]),
    (0x0800, ipv4(6, "10.9.0.6", "10.8.2.1", ports(3, 4))),
]
ARP = (0x0806, bytes(28))
SIX = (0x86dd, ipv6(bytes([17, 0]) + bytes(6) + ports(7, 8), 60))


def ethernet(kind, packet, tags=b""):
    return bytes.fromhex("01005e080001") + bytes.fromhex("0a0000000001") + tags + struct.pack("!H", kind) + packet


def vlan(kind, packet):
    return ethernet(kind, packet, bytes.fromhex("88a8000a") + bytes.fromhex("81000014"))


def cooked(kind, packet):
    return struct.pack("!HHH8sH", 0, 1, 6, bytes(8), kind) + packet


def cooked2(kind, packet):
    return struct.pack("!HHIHBB8s", kind, 0, 2, 1, 0, 6, bytes(8)) + packet


def raw(kind, packet):
    return packet


def pcap(link, frames, order="<", magic=0xa1b2c3d4):
    text = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, link)
    for number, frame in enumerate(frames):
        text += struct.pack(order + "IIII", 1700000000 + number, 0, len(frame), max(len(frame), 60)) + frame
    return text


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def pcapng(link, frames):
    text = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)) + block(1, struct.pack("<HHI", link, 0, 65535))
    for frame in frames:
        text += block(6, struct.pack("<IIIII", 0, 0, 0, len(frame), max(len(frame), 60)) + frame)
    return text


def main():
    everything = PACKETS + [ARP, SIX]
    files = {
        "ethernet.pcap": pcap(1, [ethernet(*packet) for packet in everything]),
        "vlan.pcap": pcap(1, [vlan(*packet) for packet in everything], order=">"),
        "cooked.pcap": pcap(113, [cooked(*packet) for packet in everything], magic=0xa1b23c4d),
        "cooked2.pcapng": pcapng(276, [cooked2(*packet) for packet in everything]),
        "raw.pcapng": pcapng(101, [raw(*packet) for packet in PACKETS + [SIX]]),
        "loopback.pcap": pcap(147, [b"\0"]),
    }
    files["cut.pcap"] = files["ethernet.pcap"][:-10]
    files["garbage.pcap"] = bytes(range(27, 127))
    for name, contents in files.items():
        (HERE / name).write_bytes(contents)


if __name__ == "__main__":
    main()
