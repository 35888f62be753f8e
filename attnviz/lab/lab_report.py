"""What a run of the Column lab says, in words that are computed from its figures, and as a script that repeats it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

DEFINITION = (
    "In each validation sample, take as many of the largest attention weights as there are places that must be known. "
    "The truth score is the share of them that stands where the answer is: 1 is always, and the dashed line is what "
    "guessing gets. Samples in which everything planted is 0 are left out, because a weight on a 0 passes nothing on."
)

LEARNED = 0.05
"""How far above a constant answer the accuracy must lie before the network counts as having learned anything."""

TRUE, PARTLY = 0.85, 0.25
"""Of the way from chance to 1: from TRUE on the attention tells the truth, below PARTLY it does not."""

COSTLY = 0.01
"""A column whose shuffling costs less accuracy than this is not used."""

NOTABLE = 0.1
"""A share of the attention that is worth a word."""


def describe_truth(
    place: str,
    score: float,
    chance: float,
    accuracy: float,
    guess: float,
    attention: Sequence[float],
    cost: Sequence[float] | None,
) -> str:
    """One sentence: whether the attention told the truth here.

    Args:
        place: 'column' or 'step'.
        score, chance: the truth score and what a random order of the weights gets.
        accuracy, guess: on the validation samples, of the network and of the best constant answer.
        attention: the last epoch's mean weights, one a place.
        cost: by how much the accuracy falls when a column is shuffled; None for sequences.
    """
    cases = f"in {score:.0%} of the cases, where guessing gives {chance:.0%}"
    points = f"its largest weights stand on the answer {cases}"
    if accuracy < guess + LEARNED:
        return (
            f"Attention has nothing to tell here: the network did not learn the task ({accuracy:.0%} right, and always "
            f"the same answer gives {guess:.0%}); its largest weights stand on the planted {place} {cases}."
        )
    way = (score - chance) / (1 - chance) if chance < 1 else 1.0
    if way >= TRUE:
        verdict = "Attention told the truth here"
    else:
        verdict = "Attention told half the truth here" if way >= PARTLY else "Attention did not tell the truth here"
    return f"{verdict}: {points}{_describe_use(place, attention, cost)}."


def _describe_use(place: str, attention: Sequence[float], cost: Sequence[float] | None) -> str:
    """Where the weights and the use of a column part: a used column with little attention, or else the reverse."""
    if cost is None:
        return ""
    used = [i for i, weight in enumerate(attention) if cost[i] >= COSTLY and weight < 1 / len(attention)]
    unused = [i for i, weight in enumerate(attention) if cost[i] < COSTLY and weight >= NOTABLE]
    if used:
        least = min(used, key=lambda i: attention[i])
        return f"; but {place} {least} gets only {_describe_price(attention[least], cost[least])}"
    if unused:
        most = max(unused, key=lambda i: attention[i])
        return f"; yet {place} {most} gets {_describe_price(attention[most], max(cost[most], 0))}"
    return ""


def _describe_price(weight: float, cost: float) -> str:
    return f"{weight:.0%} of the attention, although shuffling it costs {cost * 100:.0f} points of accuracy"


def describe_repeats(scores: Sequence[float], accuracies: Sequence[float], seconds: float) -> str:
    """What several seeds have in common."""
    mean = sum(scores) / len(scores)
    deviation = (sum((score - mean) ** 2 for score in scores) / len(scores)) ** 0.5
    return (
        f"{len(scores)} seeds in {seconds:.1f} s: truth score {mean:.2f} ± {deviation:.2f} (lowest {min(scores):.2f}), "
        f"accuracy {sum(accuracies) / len(accuracies):.1%}. The lines on the bars show mean ± standard deviation."
    )


def write_script(settings: Mapping[str, Any]) -> str:
    """A Python script that repeats a run with the package and writes its curves and attention as CSV."""
    others = "".join(f"    {name}={value!r},\n" for name, value in settings.items() if name != "task")
    return (
        '"""A run of the Column lab of attnviz, again; the seed makes it the same."""\n\n'
        "import attnviz\n\n"
        f"run = attnviz.train_task(\n    {settings['task']!r},\n{others})\n"
        'print(f"truth score {run.score:.4f}, chance {run.chance:.4f}")\n'
        'print("attention of the last epoch:", run.attention[-1].round(4).tolist())\n'
        'run.to_frame().to_csv("attention.csv", index=False)\n'
    )
