"""What a run of the Column lab says, in words that are computed from its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from attnviz.languages import mark, tr, tr_n
from attnviz.render.numerals import format_count, format_number, format_percent
from attnviz.render.phrases import capitalise, join_sentences

DEFINITION = mark(
    "In each validation sample, take as many of the largest attention weights as there are places that must be known. "
    "The truth score is the share of them that stands where the answer is: 1 is always, and the dashed line is what "
    "guessing gets. Samples in which everything planted is 0 are left out, because a weight on a 0 passes nothing on. "
    "Attention told the truth where the score is high and every column with the answer gets at least 1.2 times the "
    "attention of any column without it."
)

USE_DEFINITION = mark(
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

TOLD = {1.0: mark("Attention told the truth here"), 0.5: mark("Attention told half the truth here")}
LIED = mark("Attention did not tell the truth here")

_LARGEST = (
    mark("Its largest weight stands on the answer in {share} of the cases (guessing: {guess})."),
    mark("Its {n} largest weights stand on the answer in {share} of the cases (guessing: {guess})."),
)
_LARGEST_THERE = (
    mark("Its largest weight stands there in {share} of the cases (guessing: {guess})."),
    mark("Its {n} largest weights stand there in {share} of the cases (guessing: {guess})."),
)
_UNLEARNED = (
    mark(
        "The network gets {accuracy} right, and always the same answer gets {constant}. So its attention has nothing "
        "to tell; its largest weight stands on the answer in {share} of the cases (guessing: {guess})."
    ),
    mark(
        "The network gets {accuracy} right, and always the same answer gets {constant}. So its attention has nothing "
        "to tell; its {n} largest weights stand on the answer in {share} of the cases (guessing: {guess})."
    ),
)
"""Where one place must be known, and where several must."""

_HOLDS = mark(
    "{subject} holds the answer but gets only {share} of the attention ({other}, without the answer, gets {more}); "
    "shuffling {name} {effect}."
)
_IS_NEEDED = mark(
    "{subject} is needed but gets only {share} of the attention ({other}, without the answer, gets {more}); shuffling "
    "{name} {effect}."
)
"""Of a column with the answer that does not stand out."""


class Verdict(NamedTuple):
    """A few words that stand in large type, and the sentences that give the figures."""

    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class LabFigures:
    """What is said is computed from these.

    Attributes:
        names: what each place is called in a sentence, such as 'column 3', in the reader's language.
        answers: the columns that hold the answer; none for sequences, tables, and where nothing is planted.
        moves: of a sequence, the sentence about what stands at another step in each sample; else empty.
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
    told = tr(_judge(figures))
    if figures.moves:
        return Verdict(told, join_sentences([tr(figures.moves), _describe_cases(figures, _LARGEST_THERE)]))
    return Verdict(told, join_sentences([_describe_cases(figures, _LARGEST), *_describe_use(figures)][:2]))


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


def _describe_cases(figures: LabFigures, messages: tuple[str, str], **values: str) -> str:
    one, several = messages
    share, guess = percent(figures.score or 0), percent(figures.chance or 0)
    if figures.needed == 1:
        return tr(one, share=share, guess=guess, **values)
    return tr(several, n=figures.needed, share=share, guess=guess, **values)


def _describe_nothing(figures: LabFigures) -> Verdict:
    most = figures.most
    said = tr(
        "No column knows the answer: the network gets {accuracy} right, and always the same answer gets {constant}. "
        "Some column gets the most attention all the same: {name}, with {share} (an even share: {even}).",
        name=figures.names[most],
        share=percent(figures.attention[most]),
        even=percent(figures.even),
        **_compare_accuracy(figures),
    )
    return Verdict(tr("There is no truth to find here"), said)


def _describe_unlearned(figures: LabFigures) -> Verdict:
    compared = _compare_accuracy(figures)
    if figures.score is not None and figures.planted:
        said = _describe_cases(figures, _UNLEARNED, **compared)
    else:
        said = tr(
            "The network gets {accuracy} right, and always the same answer gets {constant}. So its attention has "
            "nothing to tell.",
            **compared,
        )
    return Verdict(tr("The network did not learn the task"), said)


def _compare_accuracy(figures: LabFigures) -> dict[str, str]:
    return {"accuracy": percent(figures.accuracy), "constant": percent(figures.guess)}


def _describe_table(figures: LabFigures) -> Verdict:
    if figures.score is None:
        return Verdict(
            tr("There is nothing to compare here"),
            tr(
                "The network learned the task, but no column costs clearly more accuracy than another when it is "
                "shuffled."
            ),
        )
    cost = figures.cost or ()
    most = max(range(len(cost)), key=cost.__getitem__)
    used = tr(
        "The network uses {name} most: shuffling it {effect}.",
        name=figures.names[most],
        effect=_describe_cost(cost[most]),
    )
    order = tr(
        "Of the pairs of columns that clearly differ in use, attention has {share} in the right order (guessing: "
        "{guess}).",
        share=percent(figures.score),
        guess=percent(0.5),
    )
    return Verdict(tr(_judge(figures)), join_sentences([used, _describe_rank(figures, most), order]))


def _describe_rank(figures: LabFigures, place: int) -> str:
    share, count = percent(figures.attention[place]), len(figures.attention)
    rank = 1 + sum(weight > figures.attention[place] for weight in figures.attention)
    if rank == 1:
        return tr("It gets {share} of the attention, the most.", share=share)
    return tr("It gets {share} of the attention, rank {rank} of {count}.", share=share, rank=rank, count=count)


def _describe_use(figures: LabFigures) -> Iterator[str]:
    """Where the weights and the use of columns part, the most telling first."""
    names, attention, cost = figures.names, figures.attention, figures.cost or ()
    standing = find_standing_out(attention, figures.answers)
    for place in sorted(set(figures.answers) - set(standing), key=attention.__getitem__):
        yield _describe_overlooked(figures, place, cost[place])
    used = [i for i, weight in enumerate(attention) if cost[i] >= COSTLY and weight < figures.even]
    for place in sorted(used, key=attention.__getitem__):
        yield _describe_gap(names[place], attention[place], cost[place])
    unused = [i for i, weight in enumerate(attention) if cost[i] < COSTLY and weight >= NOTABLE]
    for place in sorted(unused, key=lambda i: -attention[i]):
        yield _describe_gap(names[place], attention[place], cost[place])


def _describe_overlooked(figures: LabFigures, place: int, cost: float) -> str:
    others = [i for i in range(len(figures.attention)) if i not in figures.answers]
    most = max(others, key=figures.attention.__getitem__)
    return tr(
        _HOLDS if figures.needed == 1 else _IS_NEEDED,
        subject=capitalise(figures.names[place]),
        share=percent(figures.attention[place]),
        other=figures.names[most],
        more=percent(figures.attention[most]),
        name=figures.names[place],
        effect=_describe_cost(cost),
    )


def _describe_gap(name: str, weight: float, cost: float) -> str:
    return tr(
        "{subject} gets {share} of the attention, but shuffling it {effect}.",
        subject=capitalise(name),
        share=percent(weight),
        effect=_describe_cost(cost),
    )


def _describe_cost(cost: float) -> str:
    """What shuffling a column does, to a tenth of a point of accuracy: the rest of a sentence that begins with it."""
    points = round(cost * 100, 1)
    if points <= 0:
        return tr("changes nothing") if points == 0 else tr("costs no accuracy")
    if points < COSTLY * 100:
        return tr("costs {points} points of accuracy", points=format_number(points, 1))
    count = round(points)
    return tr_n("costs {n} point of accuracy", "costs {n} points of accuracy", count, n=format_count(count))


def percent(share: float) -> str:
    """A share in whole percent."""
    return format_percent(share, 0)
