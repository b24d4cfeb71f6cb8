"""What a benchmark found, and the table of it."""
from dataclasses import dataclass, field


@dataclass
class Row:
    """One figure of ours, the peers' in the same run, and what it should be."""

    what: str
    ours: float
    peers: dict = field(default_factory=dict)
    aim: str = ""

    def ratio(self):
        """Ours by the first peer's."""
        peer = next(iter(self.peers.values()), 0)
        return f"{self.ours / peer:.2f}" if peer else ""


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def show(rows):
    """Prints rows in columns."""
    lines = [("what", "ours", "peers", "ratio", "aim")]
    for row in rows:
        peers = ", ".join(f"{name} {number(value)}" for name, value in row.peers.items())
        lines.append((row.what, number(row.ours), peers, row.ratio(), row.aim))
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    for line in lines:
        cells = [text.rjust(width) if column in (1, 3) else text.ljust(width)
                 for column, (text, width) in enumerate(zip(line, widths))]
        print("  ".join(cells).rstrip())
