"""Measure every page type on two databases, which take turns at every page.

    python -m tests.bench postgres://…/bench1k postgres://…/bench100k [rounds]

The unit is a bare view in the same round; a round in which it took half as long again as in the
quietest one is named and left out. The last columns are milliseconds of the processor, Python's and
the database's together, with what of it is Python's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from statistics import median, quantiles

NOISY = 1.5


class Side:
    """A database, and the process that measures its pages."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.worker"],
            env=os.environ | {"DATABASE_URL": url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.survey = self.ask("survey")
        # Of each page: by the clock; of the processor, all of it and Python's.
        self.rounds: list[dict[str, list[tuple[float, float, float]]]] = []

    def ask(self, act: str) -> dict | list:
        self.process.stdin.write(act + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.url}: the measuring process ended.")
        return json.loads(answer)

    def measure(self, name: str) -> None:
        self.rounds[-1][name] = self.ask(name)

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def quiet_rounds(sides: list[Side]) -> list[int]:
    """Rounds in which the bare view was about as fast as ever, on both sides."""
    units = [[median(clocks(one["bare"])) for one in side.rounds] for side in sides]
    best = min(min(unit) for unit in units)
    quiet = []
    for number, pair in enumerate(zip(*units, strict=True)):
        if max(pair) <= NOISY * best:
            quiet.append(number)
        else:
            print(f"round {number + 1} was noisy: bare view {max(pair):.2f} ms, best {best:.2f} ms")
    return quiet


def clocks(measured: list[tuple[float, float, float]]) -> list[float]:
    return [clock for clock, _processor, _python in measured]


def table(few: Side, many: Side) -> None:
    quiet = quiet_rounds([few, many])
    if not quiet:
        raise SystemExit("Every round was noisy: measure on a quieter machine.")

    def pooled(side: Side, name: str) -> list[float]:
        return [value for number in quiet for value in clocks(side.rounds[number][name])]

    def worked(side: Side, name: str) -> str:
        measured = [one for number in quiet for one in side.rounds[number][name]]
        _clock, processor, python = (median(column) for column in zip(*measured, strict=True))
        return f"{processor:.0f} ({python:.0f})"

    unit = median(pooled(few, "bare") + pooled(many, "bare"))
    print(f"\n{len(quiet)} quiet rounds; the unit, a bare view, is {unit:.2f} ms\n")
    print(
        "| page | few: median | p95 | many: median | p95 | growth | queries | KB"
        " | few: processor (Python) | many |"
    )
    print("|---" + "|--:" * 9 + "|")
    for name, seen in many.survey.items():
        one, other = pooled(few, name), pooled(many, name)
        low, high = median(one), median(other)
        grown = high > max(1.5 * low, low + 20)
        counts = {few.survey[name]["queries"], seen["queries"]}
        cells = [
            f"{name}{' **grows**' if grown else ''}{status(few, many, name)}",
            *(f"{value / unit:.1f}" for value in (low, p95(one), high, p95(other))),
            f"{high / low:.2f} ({high - low:+.1f} ms)",
            "–".join(str(count) for count in sorted(counts)),
            f"{seen['bytes'] / 1024:.0f}",
            *(worked(side, name) for side in (few, many)),
        ]
        print("| " + " | ".join(cells) + " |")


def status(few: Side, many: Side, name: str) -> str:
    codes = {few.survey[name]["status"], many.survey[name]["status"]} - {200}
    return f" answers {codes}" if codes else ""


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def main(few: str, many: str, rounds: str = "5") -> None:
    sides = [Side(few), Side(many)]
    for number in range(int(rounds)):
        for side in sides:
            side.rounds.append({})
        for name in ("bare", *sides[0].survey):
            # The order turns, so that neither side always comes after the other.
            for side in sides if number % 2 else sides[::-1]:
                side.measure(name)
    table(*sides)
    for side in sides:
        side.end()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
