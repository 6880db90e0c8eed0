"""Time of a step with `mt2st.Balance`: against a sum by hand, against TorchJD and LibMTL, and as the weights fall to 0.

    pip install -c constraints.txt '.[bench]' && pip install --no-deps LibMTL==1.1.5
    taskset -c 1 python benchmarks/balance.py      # five minutes; writes its section of docs/RESULTS.md and a plot
    python benchmarks/balance.py --device cuda     # a minute; prints its tables

All loops of a table run in turn in one process on one thread, for a few steps each and many rounds; the order rotates
by one from round to round. Time is processor time, as other processes may use the same core; on a GPU it is time by
the clock, until the GPU has finished. A ratio is between two loops of the same round. The tables show the median over
rounds, with quartiles, and the mean if weights fall.
"""

from __future__ import annotations

import argparse
import gc
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import fmean, median, quantiles
from time import perf_counter, process_time
from typing import Any

import torch

import mt2st
from balance_loops import (
    RATE,
    REAL,
    SMALLEST,
    Size,
    Step,
    Work,
    alone,
    backward_each,
    balanced,
    by_hand,
    by_hand_fused,
    libmtl,
    torchjd,
)
from balance_tables import tables, write_results

DIMINISH = mt2st.Diminish(rate=RATE)
GAMMAS = (1.0, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.0)
MODES = {"exact": mt2st.Exact(), "skip": mt2st.Skip(floor=0.02), "every 4th": mt2st.Every(4)}
Make = Callable[[Work], Step]

LOOPS: dict[str, Make] = {
    "by hand: a + w * b + w * c": by_hand,
    "by hand, fused: torch.add(..., alpha=w)": by_hand_fused,
    "Balance, exact": lambda work: balanced(work, DIMINISH),
    "a backward pass a task (our own loop, for scale)": backward_each,
    "Balance, combine=PCGrad()": lambda work: balanced(work, DIMINISH, aggregator="PCGrad"),
    "Balance, combine=UPGrad()": lambda work: balanced(work, DIMINISH, aggregator="UPGrad"),
    "TorchJD 0.18, PCGrad": lambda work: torchjd(work, "PCGrad"),
    "TorchJD 0.18, UPGrad": lambda work: torchjd(work, "UPGrad"),
    "LibMTL 1.1.5, PCGrad": lambda work: libmtl(work, "PCGrad"),
}
ENDS: dict[str, Make] = {
    "single-task loop by hand": alone,
    "Balance, auxiliaries dropped": lambda work: balanced(work, mt2st.SingleTask()),
}


def available(loops: Mapping[str, Make], size: Size, device: str) -> dict[str, Step]:
    """Return the loops that can be made here, and say which cannot."""
    found = {}
    for name, make in loops.items():
        try:
            found[name] = make(Work(size, device))
            found[name]()
        except ImportError as error:
            print(f"left out: {name}: {error}")
    return found


def rounds(
    makers: Mapping[str, Make], size: Size, count: int, steps: int, device: str = "cpu"
) -> dict[str, list[float]]:
    """Return seconds a step of every loop that can be made here, in every round."""
    loops, now = available(makers, size, device), process_time if device == "cpu" else gpu_time
    names, seconds = list(loops), {name: [0.0] * count for name in loops}
    gc.collect()
    gc.disable()
    for number in range(-1, count):  # the first is not counted
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            step, started = loops[name], now()
            for _ in range(steps):
                step()
            seconds[name][number] = (now() - started) / steps
    gc.enable()
    return seconds


def gpu_time() -> float:
    """Return the clock's seconds, once the GPU has done all."""
    torch.cuda.synchronize()
    return perf_counter()


def summary(seconds: Mapping[str, list[float]], base: str) -> list[dict[str, Any]]:
    """Return a row a loop: microseconds a step, and the ratio to ``base``."""
    rows = []
    for name, found in seconds.items():
        ratios = [a / b for a, b in zip(found, seconds[base], strict=True)]
        low, _, high = quantiles(ratios, n=4)
        row = {"loop": name, "microseconds": 1e6 * median(found), "ratio": median(ratios), "low": low, "high": high}
        rows.append(row)
    return rows


def falling(size: Size, count: int, steps: int) -> list[dict[str, Any]]:
    """Return seconds a step of every work mode at every weight, in units of the single-task loop's."""
    makers: dict[str, Make] = {"alone": alone}
    for mode, work in MODES.items():
        for gamma in GAMMAS:
            makers[f"{mode}/{gamma}"] = lambda w, gamma=gamma, work=work: balanced(w, mt2st.Constant(gamma), work)
    found = rounds(makers, size, count, steps)

    def ratio(name: str) -> float:
        return fmean(a / b for a, b in zip(found[name], found["alone"], strict=True))

    return [{"mode": mode, "gamma": gamma, "ratio": ratio(f"{mode}/{gamma}")} for mode in MODES for gamma in GAMMAS]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="times the rounds")
    parser.add_argument("--device", default="cpu", help="as cuda; figures of another than cpu are not written down")
    parser.add_argument("--docs", type=Path, default=Path(__file__).parents[1] / "docs")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    device = asked.device
    found: dict[str, Any] = {"overhead": {}, "end": {}}
    for size, count, steps in ((SMALLEST, 150, 20), (REAL, 25, 3)):
        count = max(4, int(count * asked.scale))
        first = next(iter(LOOPS))
        found["overhead"][size.name] = summary(rounds(LOOPS, size, count, steps, device), first)
        first = next(iter(ENDS))
        found["end"][size.name] = summary(rounds(ENDS, size, 8 * count, steps, device), first)
    if device != "cpu":
        print("\n\n".join(tables(found)))
        return
    found["falling"] = falling(REAL, max(4, int(12 * asked.scale)), 8)
    print(json.dumps(found, indent=1))
    write_results(found, asked.docs)


if __name__ == "__main__":
    main()
