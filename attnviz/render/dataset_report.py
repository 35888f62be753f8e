"""What was found in a file that became a data set, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from attnviz.languages import mark, tr, tr_n
from attnviz.render.numerals import format_count, format_percent
from attnviz.render.phrases import join_and, join_list
from attnviz.values.dataset import STEP_COUNTS, Dataset, ReadingReport

_READ_BY = {
    "words": mark("Read by words: {median} in the median text, {known} different ones known."),
    "characters": mark("Read by characters: {median} in the median text, {known} different ones known."),
    "jieba": mark("Read by words that jieba cuts: {median} in the median text, {known} different ones known."),
}
_LEFT_OUT = {
    "blank": mark("{n} without a text that can be read"),
    "unlabelled": mark("{n} without a label"),
    "too_long": mark("{n} with a text of more than 1,000,000 characters"),
}
"""Why rows are left out, by the name of their count in a ReadingReport."""


def describe_dataset(about: Dataset) -> list[str]:
    """All that there is to say of it, a sentence a line; what was left out or guessed comes first."""
    return [*_describe_rows(about.report), *_describe_guess(about.report), *_describe_texts(about)]


def describe_classes(about: Dataset) -> str:
    """Its classes with the numbers of their texts, in a line."""
    parts = zip(about.labels, about.train, about.test, strict=True)
    counts = [f"{name} {format_count(one + two)}" for name, one, two in parts]
    count, kinds = sum(about.train) + sum(about.test), len(about.labels)
    texts = tr_n("{n} text", "{n} texts", count, n=format_count(count))
    classes = tr_n("{n} class", "{n} classes", kinds, n=kinds)
    return tr("{texts}, {classes} ({counts})", texts=texts, classes=classes, counts=join_list(counts))


def _describe_rows(report: ReadingReport) -> Iterator[str]:
    left_out = [(message, getattr(report, name)) for name, message in _LEFT_OUT.items()]
    told = [tr(message, n=format_count(count)) for message, count in left_out if count]
    rows = format_count(report.rows)
    if told:
        left = join_and(filter(None, (join_list(told[:-1]), told[-1])))
        yield tr("{rows} rows were read; left out: {left}.", rows=rows, left=left)
    else:
        yield tr("{rows} rows were read; none was left out.", rows=rows)
    if report.copies:
        yield tr_n(
            "{n} of the texts is a copy of an earlier one; copies are on the same side of the split.",
            "{n} of the texts are copies of an earlier one; copies are on the same side of the split.",
            report.copies,
            n=format_count(report.copies),
        )
    if report.contradictions:
        yield tr_n(
            "{n} text stands in the file with more than one label: no network can get all of them right.",
            "{n} texts stand in the file with more than one label: no network can get all of them right.",
            report.contradictions,
            n=format_count(report.contradictions),
        )


def _describe_guess(report: ReadingReport) -> Iterator[str]:
    if report.encoding:
        told = mark("The file is not UTF-8 and was read as {encoding}, a guess: see whether é and ’ are right.")
        yield tr(told, encoding=report.encoding)


def _describe_texts(about: Dataset) -> Iterator[str]:
    yield tr("{sentence}.", sentence=describe_classes(about))
    if len({name.casefold() for name in about.labels}) < len(about.labels):
        yield tr("Some classes differ in upper and lower case only: are they meant to be two?")
    yield from _describe_balance(about)
    train, test = format_count(sum(about.train)), format_count(sum(about.test))
    split = mark("Split by class with seed {seed}: {train} texts to train on, {test} to test with.")
    yield tr(split, seed=about.seed, train=train, test=test)
    yield tr(_READ_BY[about.unit], median=format_count(about.median_length), known=format_count(about.words))
    if about.longer[0]:
        cut = [format_percent(share, 0) for share in about.longer]
        longer = mark("{share} have more than {steps}")
        lengths = [tr(longer, share=share, steps=steps) for share, steps in zip(cut, STEP_COUNTS, strict=True)]
        yield tr("Networks read the last 200 or 500 of a text: {lengths}.", lengths=join_list(lengths))


def _describe_balance(about: Dataset) -> Iterator[str]:
    """Where always saying the same would be right most of the time."""
    most = max(range(len(about.labels)), key=lambda label: about.test[label])
    share = about.test[most] / sum(about.test)
    told = mark("Always answering ‘{label}’ would be right on {share} of the test texts.")
    yield tr(told, label=about.labels[most], share=format_percent(share))
