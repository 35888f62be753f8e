"""What a run of the Column lab says, in words that are computed from its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from attnviz.render.numerals import format_percent

DEFINITION = (
    "In each validation sample, take as many of the largest attention weights as there are places that must be known. "
    "The truth score is the share of them that stands where the answer is: 1 is always, and the dashed line is what "
    "guessing gets. Samples in which everything planted is 0 are left out, because a weight on a 0 passes nothing on. "
    "Attention told the truth where the score is high and every column with the answer gets at least 1.2 times the "
    "attention of any column without it."
)

USE_DEFINITION = (
    "Nothing is planted in a table of your own, so attention is compared with what the network uses: each column is "
    "shuffled among the held-out rows, 10 times, and the accuracy that this costs is its use. Take all pairs of "
    "columns whose use differs by a point of accuracy and by a row at least: the score is the share of these pairs in "
    "which the column that is used more gets more attention. A random order gets 0.5 (dashed)."
)

LEARNED = 0.05
"""How far above a constant answer the accuracy must lie before the network counts as having learned anything."""

TRUE, PARTLY = 0.85, 0.25
"""Of the way from chance to 1: from TRUE on the attention tells the truth, below PARTLY it does not."""

STANDS_OUT = 1.2
"""A column with the answer stands out if it gets so many times the attention of every column without it."""

COSTLY = 0.01
"""A column whose shuffling costs less accuracy than this is not used."""

NOTABLE = 0.1
"""A share of the attention that is worth a word."""

TOLD = {1.0: "Attention told the truth here", 0.5: "Attention told half the truth here"}
LIED = "Attention did not tell the truth here"


class Verdict(NamedTuple):
    """A few words that stand in large type, and the sentences that give the figures."""

    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class LabFigures:
    """What is said is computed from these.

    Attributes:
        names: what each place is called in a sentence, such as 'column 3'.
        answers: the columns that hold the answer; none for sequences, tables, and where nothing is planted.
        moves: of a sequence, what stands at another step in each sample; else empty.
        planted: whether a truth was planted at all; of a table it is what the network uses.
        needed: how many places must be known.
        score, chance: the truth score and what a random order of the weights gets; None without a truth.
        accuracy, guess: on the validation samples, of the network and of the best constant answer.
        attention: the last epoch's mean weights, one a place.
        cost: by how much the accuracy falls when a column is shuffled; None for sequences.
    """

    names: Sequence[str]
    answers: Sequence[int]
    moves: str
    planted: bool
    needed: int
    score: float | None
    chance: float | None
    accuracy: float
    guess: float
    attention: Sequence[float]
    cost: Sequence[float] | None

    @property
    def learned(self) -> bool:
        """Whether the network is better than the best constant answer."""
        return self.accuracy >= self.guess + LEARNED

    @property
    def even(self) -> float:
        """An even share of the attention."""
        return 1 / len(self.attention)

    @property
    def most(self) -> int:
        """The place with the most attention."""
        return max(range(len(self.attention)), key=self.attention.__getitem__)


def describe_truth(figures: LabFigures) -> Verdict:
    """Whether the attention told the truth here."""
    if figures.planted and figures.score is None:
        return _describe_nothing(figures)
    if not figures.learned:
        return _describe_unlearned(figures)
    if not figures.planted:
        return _describe_table(figures)
    told = _judge(figures)
    cases = f"{_name_largest(figures)} {_describe_cases(figures)}"
    if figures.moves:
        return Verdict(told, f"{figures.moves} at another step in each sample. {cases}")
    return Verdict(told, " ".join([cases, *_describe_use(figures)][:2]))


def _judge(figures: LabFigures) -> str:
    """Of the score alone for sequences; for columns each one with the answer must stand out, too."""
    score, chance = figures.score or 0.0, figures.chance or 0.0
    way = (score - chance) / (1 - chance) if chance < 1 else 1.0
    standing = len(find_standing_out(figures.attention, figures.answers))
    if way >= TRUE and standing == len(figures.answers):
        return TOLD[1.0]
    return TOLD[0.5] if way >= PARTLY or standing else LIED


def find_standing_out(attention: Sequence[float], answers: Sequence[int]) -> list[int]:
    """The columns with the answer that get STANDS_OUT times the attention of every column without it."""
    others = [weight for place, weight in enumerate(attention) if place not in answers]
    return [place for place in answers if attention[place] >= STANDS_OUT * max(others, default=0.0)]


def _name_largest(figures: LabFigures) -> str:
    weights = "Its largest weight stands" if figures.needed == 1 else f"Its {figures.needed} largest weights stand"
    return f"{weights} {'there' if figures.moves else 'on the answer'}"


def _describe_cases(figures: LabFigures) -> str:
    return f"in {percent(figures.score or 0)} of the cases (guessing: {percent(figures.chance or 0)})."


def _describe_nothing(figures: LabFigures) -> Verdict:
    most = figures.most
    return Verdict(
        "There is no truth to find here",
        f"No column knows the answer: {_compare_accuracy(figures)}. Some column gets the most attention all the same: "
        f"{figures.names[most]}, with {percent(figures.attention[most])} (an even share: {percent(figures.even)}).",
    )


def _describe_unlearned(figures: LabFigures) -> Verdict:
    said = f"{capitalise(_compare_accuracy(figures))}. So its attention has nothing to tell"
    if figures.score is not None and figures.planted:
        largest = _name_largest(figures).replace("Its", "its", 1).replace("there", "on the answer")
        said += f"; {largest} {_describe_cases(figures)[:-1]}"
    return Verdict("The network did not learn the task", f"{said}.")


def _compare_accuracy(figures: LabFigures) -> str:
    guess = f"always the same answer gets {percent(figures.guess)}"
    return f"the network gets {percent(figures.accuracy)} right, and {guess}"


def _describe_table(figures: LabFigures) -> Verdict:
    cost = figures.cost or ()
    if figures.score is None:
        return Verdict(
            "There is nothing to compare here",
            "The network learned the task, but no column costs clearly more accuracy than another when it is shuffled.",
        )
    most = max(range(len(cost)), key=cost.__getitem__)
    rank = 1 + sum(weight > figures.attention[most] for weight in figures.attention)
    used = f"The network uses {figures.names[most]} most: shuffling it {_describe_cost(cost[most])}."
    place = "the most" if rank == 1 else f"rank {rank} of {len(cost)}"
    return Verdict(
        _judge(figures),
        f"{used} It gets {percent(figures.attention[most])} of the attention, {place}. Of the pairs of columns that "
        f"clearly differ in use, attention has {percent(figures.score)} in the right order (guessing: {percent(0.5)}).",
    )


def _describe_use(figures: LabFigures) -> Iterator[str]:
    """Where the weights and the use of columns part, the most telling first."""
    names, attention, cost = figures.names, figures.attention, figures.cost or ()
    standing = find_standing_out(attention, figures.answers)
    for place in sorted(set(figures.answers) - set(standing), key=attention.__getitem__):
        price = f"shuffling {names[place]} {_describe_cost(cost[place])}"
        holds = "holds the answer" if figures.needed == 1 else "is needed"
        yield f"{capitalise(names[place])} {holds} but gets only {_describe_share(figures, place)}; {price}."
    used = [i for i, weight in enumerate(attention) if cost[i] >= COSTLY and weight < figures.even]
    for place in sorted(used, key=attention.__getitem__):
        yield _describe_gap(names[place], attention[place], cost[place])
    unused = [i for i, weight in enumerate(attention) if cost[i] < COSTLY and weight >= NOTABLE]
    for place in sorted(unused, key=lambda i: -attention[i]):
        yield _describe_gap(names[place], attention[place], cost[place])


def _describe_share(figures: LabFigures, place: int) -> str:
    others = [i for i in range(len(figures.attention)) if i not in figures.answers]
    most = max(others, key=figures.attention.__getitem__)
    beside = f"{figures.names[most]}, without the answer, gets {percent(figures.attention[most])}"
    return f"{percent(figures.attention[place])} of the attention ({beside})"


def _describe_gap(name: str, weight: float, cost: float) -> str:
    return f"{capitalise(name)} gets {percent(weight)} of the attention, but shuffling it {_describe_cost(cost)}."


def _describe_cost(cost: float) -> str:
    """What shuffling a column does, to a tenth of a point of accuracy."""
    points = round(cost * 100, 1)
    if points <= 0:
        return "changes nothing" if points == 0 else "costs no accuracy"
    return (
        f"costs {points:.1f} points of accuracy" if points < COSTLY * 100 else f"costs {points:.0f} points of accuracy"
    )


def describe_repeats(scores: Sequence[float | None], accuracies: Sequence[float], seconds: float) -> str:
    """What several seeds have in common."""
    known = [score for score in scores if score is not None]
    accuracy = f"accuracy {format_percent(sum(accuracies) / len(accuracies))}"
    said = f"{len(scores)} seeds in {seconds:.1f} s: "
    if not known:
        return f"{said}{accuracy}. Each dot is one seed's weight; click one to look at its run."
    mean = sum(known) / len(known)
    deviation = (sum((score - mean) ** 2 for score in known) / len(known)) ** 0.5
    score = f"truth score {mean:.2f} ± {deviation:.2f} (lowest {min(known):.2f})"
    return f"{said}{score}, {accuracy}. Each dot is one seed's weight; click one to look at its run."


def percent(share: float) -> str:
    """A share in whole percent."""
    return format_percent(share, 0)


def capitalise(text: str) -> str:
    """The text with a capital at its start; the rest stays as it is."""
    return text[:1].upper() + text[1:]
