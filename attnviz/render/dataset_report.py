"""What was found in a file that became a data set, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from attnviz.render.numerals import format_percent
from attnviz.values.dataset import STEP_COUNTS, Dataset, ReadingReport

UNITS = {"words": "words", "characters": "characters", "jieba": "words that jieba cuts"}


def describe_dataset(about: Dataset) -> list[str]:
    """All that there is to say of it, a sentence a line; what was left out or guessed comes first."""
    return [*_describe_rows(about.report), *_describe_guess(about.report), *_describe_texts(about)]


def describe_classes(about: Dataset) -> str:
    """Its classes with the numbers of their texts, in a line."""
    counts = [f"{name} {one + two:,}" for name, one, two in zip(about.labels, about.train, about.test, strict=True)]
    return f"{sum(about.train) + sum(about.test):,} texts, {len(about.labels)} classes ({', '.join(counts)})"


def _describe_rows(report: ReadingReport) -> Iterator[str]:
    left_out = {
        "without a text that can be read": report.blank,
        "without a label": report.unlabelled,
        "with a text of more than 1,000,000 characters": report.too_long,
    }
    told = [f"{count:,} {why}" for why, count in left_out.items() if count]
    yield f"{report.rows:,} rows were read; {f'left out: {_join(told)}' if told else 'none was left out'}."
    if report.copies:
        verb = "is a copy" if report.copies == 1 else "are copies"
        yield f"{report.copies:,} of the texts {verb} of an earlier one; copies are on the same side of the split."
    if report.contradictions:
        yield f"{_count(report.contradictions, 'text')} with more than one label: no network can get all of them right."


def _describe_guess(report: ReadingReport) -> Iterator[str]:
    if report.encoding:
        yield f"The file is not UTF-8 and was read as {report.encoding}, a guess: see whether é and ’ are right."


def _describe_texts(about: Dataset) -> Iterator[str]:
    yield f"{describe_classes(about)}."
    if len({name.casefold() for name in about.labels}) < len(about.labels):
        yield "Some classes differ in upper and lower case only: are they meant to be two?"
    yield from _describe_balance(about)
    train, test = sum(about.train), sum(about.test)
    yield f"Split by class with seed {about.seed}: {train:,} texts to train on, {test:,} to test with."
    median, words = f"{about.median_length:,} in the median text", f"{about.words:,} different ones known"
    yield f"Read by {UNITS[about.unit]}: {median}, {words}."
    cut = [format_percent(share, 0) for share in about.longer]
    if about.longer[0]:
        lengths = ", ".join(f"{share} have more than {steps}" for share, steps in zip(cut, STEP_COUNTS, strict=True))
        yield f"Networks read the last 200 or 500 of a text: {lengths}."


def _describe_balance(about: Dataset) -> Iterator[str]:
    """Where always saying the same would be right most of the time."""
    most = max(range(len(about.labels)), key=lambda label: about.test[label])
    share = about.test[most] / sum(about.test)
    yield f"Always answering ‘{about.labels[most]}’ would be right on {format_percent(share)} of the test texts."


def _join(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun} stands in the file" if number == 1 else f"{number:,} {noun}s stand in the file"
