"""How a peer talks to the benchmark: a line in, a line out.

| command | answer |
| --- | --- |
| | `= ready NAME VERSION` once, when everything is loaded |
| `losses N` | `= losses L1 ... LN` of the first N steps without dropout |
| `warm` | `= warm WAY=MILLISECONDS ...`: what a step takes in each way that the peer has; laps go the fastest |
| `lap N` | `= lap WALL CPU`: seconds that N steps took, and of processor time |
| `end` | nothing; the peer ends |
"""

import statistics
import sys
import time

BATCH = 64
WARM_LAPS = 4
WARM_STEPS = 8
PROBE_STEPS = 3
HOPELESS = 2.0


class Rows:
    """Batches of rows, one after the other, from the first again after the last."""

    def __init__(self, x, y):
        self.batches = [(x[i : i + BATCH], y[i : i + BATCH]) for i in range(0, len(x) - BATCH + 1, BATCH)]
        self.next = 0

    def take(self, count: int) -> list:
        taken = [self.batches[(self.next + i) % len(self.batches)] for i in range(count)]
        self.next = (self.next + count) % len(self.batches)
        return taken


class Clock:
    """Wall and processor time between two calls."""

    def start(self) -> None:
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def stop(self) -> None:
        self.result = time.perf_counter() - self.wall, time.process_time() - self.cpu


def serve(name: str, version: str, losses, ways: dict, rows: Rows) -> None:
    """Answers until the end.

    `losses(batches)` gives the loss of each step; `ways[way](batches, clock)` takes a step with each batch, and starts and
    stops the clock where a training begins and ends.
    """
    fastest = next(iter(ways))
    say("ready", name, version)
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "losses":
            say("losses", *losses(rows.batches[: int(arguments[0])]))
        elif command == "warm":
            medians = {}
            for way, step in ways.items():
                medians[way] = warmed(step, rows, min(medians.values(), default=float("inf")))
            fastest = min(medians, key=medians.get)
            say("warm", *(f"{way}={1e3 * seconds:.3f}" for way, seconds in medians.items()))
        elif command == "lap":
            clock = Clock()
            ways[fastest](rows.take(int(arguments[0])), clock)
            say("lap", *clock.result)
        elif command == "end":
            return


def warmed(step, rows: Rows, best: float) -> float:
    """Seconds a step: the median of some laps, or of a short one if that is hopeless beside the best way so far."""
    first = seconds_a_step(step, rows.take(PROBE_STEPS))  # compiles
    probe = min(first, seconds_a_step(step, rows.take(PROBE_STEPS)))
    if probe > HOPELESS * best:
        return probe
    return statistics.median(seconds_a_step(step, rows.take(WARM_STEPS)) for _ in range(WARM_LAPS))


def seconds_a_step(step, batches: list) -> float:
    clock = Clock()
    step(batches, clock)
    return clock.result[0] / len(batches)


def say(*words) -> None:
    print("=", *words, flush=True)
