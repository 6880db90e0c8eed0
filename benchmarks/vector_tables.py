"""Tables and plot of the word-vector benchmark, from its runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Any

Run = dict[str, Any]
START, END = "<!-- vectors: written by benchmarks/vectors.py -->", "<!-- end of vectors -->"
MEASURES = ("analogies", "wordsim353", "simlex999")
# What the project asked of itself: training and whole time, as multiples of gensim's.
BARS = {"skipgram": (12, 7), "cbow": (6, 3), "skipgram+subwords": (8, 5), "cbow+subwords": (5, 3)}
RECORDS_PER_GENSIM_WORD = 25.5


def chosen(runs: Iterable[Run], **wanted: Any) -> list[Run]:
    """Return the runs that are like this."""
    return [run for run in runs if all(run.get(key) == value for key, value in wanted.items())]


def spread(values: list[float], digits: int = 0) -> str:
    """Return median and range."""
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def ratios(slow: list[Run], fast: list[Run], key: str) -> list[float]:
    """Return how many times less the second needs, seed by seed: such runs followed each other."""
    by_seed = {run["seed"]: run[key] for run in fast}
    return [run[key] / by_seed[run["seed"]] for run in slow if run["seed"] in by_seed]


def speed_table(runs: list[Run]) -> str:
    """Return words a second, whole times, and their ratios to gensim's."""
    lines = [
        "| method | tool | thousand words a second | of gensim's [asked] | whole time, s | of gensim's [asked] |",
        "|---|---|---|---|---|---|",
    ]
    quality = chosen(runs, part="quality")
    for method, (train_bar, whole_bar) in BARS.items():
        gensim = chosen(quality, tool="gensim", method=method)
        words = gensim[0]["words"] if gensim else 0
        for tool in ("gensim", "fasttext", "mt2st"):
            own = chosen(quality, tool=tool, method=method)
            if not own:
                continue
            row = [method, tool, spread([words / run["train"] / 1e3 for run in own])]
            train, whole = ratios(gensim, own, "train"), ratios(gensim, own, "whole")
            bars = (f" [{train_bar}]", f" [{whole_bar}]") if tool == "mt2st" else ("", "")
            row += [f"{median(train):.1f} x ({min(train):.1f} to {max(train):.1f}){bars[0]}"]
            row += [spread([run["whole"] for run in own], 1), f"{median(whole):.1f} x{bars[1]}"]
            lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def fresh_table(runs: list[Run]) -> str:
    """Return whole times with an empty compiler cache, beside gensim's that ran in turn."""
    lines = ["| method | gensim, s | whole time, s, cache empty | of gensim's [asked] |", "|---|---|---|---|"]
    for method, (_, bar) in BARS.items():
        gensim, own = (chosen(runs, part="fresh", tool=tool, method=method) for tool in ("gensim", "mt2st"))
        if gensim and own:
            shares, (other, whole) = (
                ratios(gensim, own, "whole"),
                ([run["whole"] for run in each] for each in (gensim, own)),
            )
            row = [method, spread(other, 1), spread(whole, 1), f"{spread(shares, 1)} x [{bar}]"]
            lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def glove_lines(runs: list[Run]) -> str:
    """Return what GloVe did, beside gensim's skip-gram of the same rounds."""
    glove, gensim = (
        chosen(runs, part="quality", tool="mt2st", method="glove"),
        chosen(runs, part="quality", tool="gensim", method="skipgram"),
    )
    if not glove or not gensim:
        return ""
    rates = [run["records"] * run["epochs"] / run["train"] for run in glove]
    words = {run["seed"]: run["words"] / run["train"] for run in gensim}
    shares = [rate / words[run["seed"]] for rate, run in zip(rates, glove, strict=True) if run["seed"] in words]
    counting, cost = spread([run["counting"] for run in glove], 1), fmean(run["loss"] for run in glove)
    return (
        f"GloVe (window 10, {glove[0]['records']:,} non-zeros, 3 epochs): {spread([rate / 1e6 for rate in rates], 2)}"
        f" million non-zeros a second, {median(shares):.1f} for each word of gensim's skip-gram"
        f" [{RECORDS_PER_GENSIM_WORD}]; counting co-occurrences {counting} s; mean cost of the third epoch {cost:.5f}."
    )


def quality_table(runs: list[Run]) -> str:
    """Return the mean of each measure over seeds, with its standard error."""
    lines = ["| method | tool | analogies | WordSim-353 | SimLex-999 |", "|---|---|---|---|---|"]
    for method in (*BARS, "glove"):
        for tool in ("gensim", "fasttext", "mt2st"):
            own = chosen(runs, part="quality", tool=tool, method=method)
            if len(own) < 2:
                continue
            cells = [[run[name] for run in own] for name in MEASURES]
            shown = [f"{fmean(cell):.2f} ± {stdev(cell) / len(cell) ** 0.5:.2f}" for cell in cells]
            lines.append("| " + " | ".join([method, tool, *shown]) + " |")
    return "\n".join(lines)


def thread_lines(runs: list[Run]) -> str:
    """Return how much faster two threads are."""
    found = []
    for method in ("skipgram", "cbow"):
        one, two = (chosen(runs, part="threads", method=method, threads=count) for count in (1, 2))
        if one and two:
            times = ratios(one, two, "train")
            found.append(f"{method} {median(times):.2f} x ({min(times):.2f} to {max(times):.2f}, n = {len(times)})")
    return "Two threads over one: " + ", ".join(found) + "." if found else ""


def scaling_table(runs: list[Run]) -> str:
    """Return seconds and memory by words of text."""
    lines = [
        "| million words | encoding, s | training, s | words a second | peak memory, MB |",
        "|---|---|---|---|---|",
    ]
    for run in sorted(chosen(runs, part="scaling"), key=lambda run: float(run["millions"])):
        rate = run["words"] / run["train"]
        cells = f"{run['encoding']:.1f} | {run['train']:.1f} | {rate:,.0f} | {run['peak']:.0f}"
        lines.append(f"| {run['millions']} | {cells} |")
    return "\n".join(lines)


def draw(runs: list[Run], path: Path) -> None:
    """Draw speeds side by side, and seconds and memory by words of text."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, (speeds, scale) = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    quality, colours = chosen(runs, part="quality"), {"gensim": "#999999", "fasttext": "#cc8844", "mt2st": "#2266aa"}
    for place, method in enumerate(BARS):
        words = [run["words"] for run in chosen(quality, tool="gensim", method=method)]
        for shift, (tool, colour) in enumerate(colours.items()):
            own = chosen(quality, tool=tool, method=method)
            if own and words:
                rate = words[0] / median(run["train"] for run in own) / 1e3
                speeds.bar(place + 0.27 * (shift - 1), rate, 0.25, color=colour, label=tool if place == 2 else None)
    speeds.set_xticks(range(len(BARS)), [method.replace("+", "\n+ ") for method in BARS])
    speeds.set_ylabel("thousand words a second, one core")
    speeds.legend(frameon=False)
    scaling = sorted(chosen(runs, part="scaling"), key=lambda run: float(run["millions"]))
    sizes = [run["millions"] for run in scaling]
    scale.plot(sizes, [run["whole"] for run in scaling], "o-", color="#2266aa", label="whole time, s")
    scale.plot(sizes, [run["peak"] / 10 for run in scaling], "s--", color="#999999", label="peak memory, 10 MB")
    scale.set_xlabel("million words of text (skip-gram)")
    scale.legend(frameon=False)
    figure.savefig(path)
    pyplot.close(figure)


def write_results(runs: list[Run], docs: Path) -> None:
    """Replace the section on word vectors of ``RESULTS.md``, and its plot."""
    draw(runs, docs / "vectors.svg")
    section = "\n\n".join(
        (
            START,
            "### Speed, one pinned core",
            speed_table(runs),
            glove_lines(runs),
            "With an empty compiler cache, as on the very first run:",
            fresh_table(runs),
            thread_lines(runs),
            "![speed and scaling](vectors.svg)",
            "### Quality, mean over seeds ± standard error",
            quality_table(runs),
            "### Scaling: the text cut or repeated",
            scaling_table(runs),
            END,
        )
    )
    path = docs / "RESULTS.md"
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    after = rest.partition(END)[2] or "\n"
    path.write_text(before + section + after, encoding="utf-8")
