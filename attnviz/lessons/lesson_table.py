"""The three lessons: what is asked, the cases, and what they teach, in messages that the page translates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from attnviz.data.examples import EXAMPLES
from attnviz.lab.tasks import TaskSettings, default_settings
from attnviz.languages import mark


@dataclass(frozen=True, slots=True)
class ColumnCase:
    """A run of the Column lab whose answer column is known."""

    title: str
    said: str
    settings: TaskSettings


@dataclass(frozen=True, slots=True)
class WordCase:
    """A text, and a network whose most attended word is left out of it."""

    title: str
    model: str
    text: str


@dataclass(frozen=True, slots=True)
class MapCase:
    """A text, and a network for which other attention is looked for."""

    title: str
    model: str
    text: str


Case = ColumnCase | WordCase | MapCase


@dataclass(frozen=True, slots=True)
class Lesson:
    """One question, predicted and checked on several cases.

    Attributes:
        question: what is predicted.
        choices: the predictions; the first one is the 'yes' that outcomes.py speaks of.
        cases: of one kind.
        moral: what the checks say together, true whatever they find.
    """

    title: str
    question: str
    choices: tuple[str, str]
    cases: tuple[Case, ...]
    moral: str


def _run(task: str, said: str, title: str, column: int = 1, input_dim: int = 4) -> ColumnCase:
    chosen = {"attention_column": column, "input_dim": input_dim}
    return ColumnCase(title, said, TaskSettings(**{**default_settings(task), **chosen}))


LESSONS: Mapping[str, Lesson] = {
    "planted-column": Lesson(
        title=mark("Does attention find the planted column?"),
        question=mark("Will the column that decides get the most attention?"),
        choices=(mark("Yes, it gets the most"), mark("No, another column gets more")),
        cases=(
            _run(
                "column",
                mark("Four columns of numbers. Column 1 repeats the answer, the others are noise."),
                mark("Noise only"),
            ),
            _run(
                "decoy",
                mark(
                    "Column 1 is the answer, with 10\xa0% of it wrong. Column 2 is a decoy without noise that agrees "
                    "with the answer in 80\xa0% of the samples only."
                ),
                mark("A clean decoy"),
            ),
            _run(
                "column",
                mark("Twenty columns; column 7 repeats the answer."),
                mark("Many columns"),
                column=7,
                input_dim=20,
            ),
        ),
        moral=mark(
            "Attention is trained to help the answer, not to tell where it comes from. Where the two go together it "
            "finds the column; where a cleaner column helps, it may look there, and still use the other."
        ),
    ),
    "strongest-word": Lesson(
        title=mark("Does the strongest word decide?"),
        question=mark("Leave out the word with the most attention. Will the probability move by more than 0.1?"),
        choices=(mark("Yes, by more than 0.1"), mark("No, by less")),
        cases=tuple(
            WordCase(title, model, EXAMPLES[title])
            for title, model in (
                ("Two hours lost", "word-additive"),
                ("Not bad at all", "lstm-dot"),
                ("Sarcasm", "luong"),
            )
        ),
        moral=mark(
            "How much a network looks at a word and how much the word moves the answer are two questions. Leaving "
            "words out answers the second one."
        ),
    ),
    "another-map": Lesson(
        title=mark("Can another map give the same answer?"),
        question=mark(
            "Is there attention on quite other words with which the network gives the same answer (within 0.01)?"
        ),
        choices=(mark("Yes, there is"), mark("No, this answer needs its map")),
        cases=(
            MapCase("A quiet triumph", "luong", EXAMPLES["A quiet triumph"]),
            MapCase("Two hours lost", "word-additive", EXAMPLES["Two hours lost"]),
            MapCase(mark("A sentence of four words"), "word-additive", "Good music, dull story."),
        ),
        moral=mark(
            "A map that could be quite another one is not the reason for the answer (Jain & Wallace 2019). It is what "
            "the network looked at, no more (Wiegreffe & Pinter 2019 discuss when that still explains something)."
        ),
    ),
}
"""Every lesson by the name that it has in a link."""
