#!/usr/bin/env python3
"""Sends one UDP flow to the cluster address and prints, for every packet, when it was sent and how often it was answered.

usage: flow.py SOURCE PORT RATE SECONDS      (in the client's network namespace)
"""

import array
import socket
import sys
import threading
import time

source, port, rate, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
count = int(rate * seconds)
answers = array.array("B", bytes(count))
sent = array.array("d", bytes(8 * count))
link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
link.bind((source, port))
link.connect(("10.8.0.1", 7777))


def receive():
    while True:
        try:
            answers[int(link.recv(200).split()[-1])] += 1
        except ConnectionError:
            pass
        except (OSError, ValueError):
            return


threading.Thread(target=receive, daemon=True).start()
start = time.monotonic()
for number in range(count):
    due = start + number / rate
    while (left := due - time.monotonic()) > 0:
        if left > 0.0003:
            time.sleep(left - 0.0002)
    sent[number] = time.monotonic()
    link.send(b"%d" % number)
time.sleep(1)
for number in range(count):
    print("%.6f %d" % (sent[number], answers[number]))
