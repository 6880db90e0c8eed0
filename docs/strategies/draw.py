"""Draw the curve of every strategy: ``python docs/strategies/draw.py``. The same files come out every time."""

from __future__ import annotations

from pathlib import Path

from mt2st.report.drawing import (
    AUXILIARY,
    MUTED,
    PRIMARY,
    add_axes,
    few_ticks,
    name_above,
    new_figure,
    plotting,
    render,
)
from mt2st.strategies import (
    Clock,
    Composed,
    Constant,
    Cosine,
    Diminish,
    Feedback,
    Linear,
    Observation,
    PretrainThenFinetune,
    SingleTask,
    Strategy,
    Switch,
)

STEPS = 400
EXAMPLES: dict[str, Strategy] = {
    "single_task": SingleTask(),
    "constant": Constant(weight=0.7),
    "diminish": Diminish(rate=8.0, tolerance=0.02),
    "switch": Switch(at=0.2),
    "switch_auto": Switch(at="auto"),
    "linear": Linear(end=0.4),
    "cosine": Cosine(end=0.4),
    "pretrain_then_finetune": PretrainThenFinetune(at=0.2),
    "feedback": Feedback(Switch(at=0.5), trial=0.2),
    "composed": Composed({"film": Diminish(rate=5.0), "language": Switch(at=0.1, weight=0.5)}),
}


def score(step: int, helped: float = 1.0) -> float:
    """Return a score that rises to 0.75, or to less without help, as an example of one that a strategy watches."""
    return 0.5 + 0.25 * helped * (1.0 - 2.0 ** (-step / 20))


def tasks_of(strategy: Strategy) -> list[str]:
    """Return the auxiliaries of an example; feedback has one that helps and one that harms."""
    if isinstance(strategy, Composed):
        return list(strategy.parts)
    return ["helpful", "harmful"] if isinstance(strategy, Feedback) else ["auxiliary"]


def curves(strategy: Strategy) -> dict[str, list[float]]:
    """Return the weight of every task at every step, observations made every 10 steps."""
    bound = strategy.bind("primary", tasks_of(strategy), Clock(STEPS))
    rows = []
    for step in range(STEPS):
        if step and step % 10 == 0:
            phase = bound.phase(step - 1)
            trial = isinstance(strategy, Feedback) and "trial" in phase.name
            helped = 1.0 if "helpful" in phase.name else 0.3 if "harmful" in phase.name else 0.5
            seen = score(step - phase.start, helped) if trial else score(step)
            bound.observe(Observation(step, seen, {}, 0.0, cost=float(step)))
        rows.append(bound.weights(step))
    return {task: [row[task] for row in rows] for task in rows[0]}


def draw(strategy: Strategy) -> bytes:
    """Return the drawn weights as an SVG file."""
    figure = new_figure(360, 170)
    axes = add_axes(figure, left=36, top=30, right=96, bottom=34)
    t = [step / STEPS for step in range(STEPS)]
    found = curves(strategy)
    for number, (task, weights) in enumerate(found.items()):
        colour = PRIMARY if task == "primary" else AUXILIARY
        style = "-" if number < 2 else (0, (4, 2))
        axes.plot(t, weights, color=colour, linewidth=1.8, linestyle=style, label=task, clip_on=False)
    if strategy == EXAMPLES["switch_auto"]:
        axes.plot(t, [score(step) for step in range(STEPS)], color=MUTED, linestyle=(0, (1, 1.5)), label="score")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.08)
    few_ticks(axes, "x", 4)
    few_ticks(axes, "y", 3)
    name_above(axes, "weight")
    axes.set_xlabel("t, fraction of the run", loc="right", labelpad=1)
    axes.legend(frameon=False, labelcolor=MUTED, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.4)
    return render(figure, "svg")


def main() -> None:
    """Write one file a strategy beside this one."""
    with plotting():
        for name, strategy in EXAMPLES.items():
            (Path(__file__).parent / f"{name}.svg").write_bytes(draw(strategy))


if __name__ == "__main__":
    main()
