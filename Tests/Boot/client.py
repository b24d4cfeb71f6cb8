#!/usr/bin/env python3
"""An independent client: asks the cluster address over UDP from many sources, and counts who answers each request.

Lines on standard input are marks; for each, a line of JSON says what was seen since the one before, a second after its last
request: how many were sent, answered once, answered by two nodes, answered twice by one, not answered, and by whom.
"""

import collections
import json
import select
import socket
import sys
import time

ADDRESS = ("10.8.0.1", 7777)
SOCKETS = 64
RATE = float(sys.argv[1]) if len(sys.argv) > 1 else 1500.0
WINDOW = 1.0


class Client:
    def __init__(self):
        self.sockets = []
        for index in range(SOCKETS):
            each = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            each.bind((f"10.9.{index // 8 + 1}.{index % 8 + 1}", 20000 + 97 * index))
            each.setblocking(False)
            self.sockets.append(each)
        self.number = 0
        self.open = collections.OrderedDict()  # number -> (time, [names])
        self.counts = collections.Counter()
        self.names = collections.Counter()

    def send(self, now):
        try:
            self.sockets[self.number % SOCKETS].sendto(f"{self.number}".encode(), ADDRESS)
        except OSError:
            self.counts["unsent"] += 1
        self.open[self.number] = (now, [])
        self.number += 1

    def receive(self, each):
        while True:
            try:
                text = each.recv(2048).decode(errors="replace")
            except BlockingIOError:
                return
            except OSError:
                self.counts["refused"] += 1
                return
            name, _, number = text.partition(" ")
            entry = self.open.get(int(number)) if number.isdigit() else None
            if entry is None:
                self.counts["late"] += 1
            else:
                entry[1].append(name)

    def judge(self, until):
        while self.open:
            number, (sent, names) = next(iter(self.open.items()))
            if sent > until:
                return
            del self.open[number]
            self.counts["sent"] += 1
            self.names.update(names)
            if not names:
                self.counts["none"] += 1
            elif len(names) == 1:
                self.counts["once"] += 1
            elif len(set(names)) > 1:
                self.counts["by_two"] += 1
            else:
                self.counts["doubled"] += 1

    def report(self, mark):
        print(json.dumps({"mark": mark, **self.counts, "by": self.names}), flush=True)
        self.counts, self.names = collections.Counter(), collections.Counter()


def main():
    client = Client()
    poll = select.poll()
    by_descriptor = {each.fileno(): each for each in client.sockets}
    for each in [*by_descriptor, 0]:
        poll.register(each, select.POLLIN)
    marks = collections.deque()
    due = time.monotonic()
    while True:
        now = time.monotonic()
        while due <= now:
            client.send(now)
            due += 1 / RATE
        for descriptor, _ in poll.poll(max((due - time.monotonic()) * 1000, 0)):
            if descriptor:
                client.receive(by_descriptor[descriptor])
                continue
            line = sys.stdin.readline()
            if not line:
                return
            marks.append((time.monotonic(), line.strip()))
        client.judge(now - WINDOW)
        # What was sent before the mark belongs to it.
        while marks and now - WINDOW >= marks[0][0]:
            client.report(marks.popleft()[1])


main()
