"""A table of measures as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from attnviz.languages import mark
from attnviz.render.numerals import format_number
from attnviz.values.corpus_measures import Row

TITLES = {
    "answers": mark("How good the answers are"),
    "weights": mark("The same network with other attention weights, not retrained"),
    "spread": mark("How unevenly the attention is spread"),
    "agreement": mark("How far the methods agree: Kendall's tau-b of the sizes of their scores"),
    "plausibility": mark("How far a method's highest words are those that people marked"),
    "erasure": mark(
        "What is lost without the words a method names (comprehensiveness), or with them alone (sufficiency)"
    ),
    "adversarial": mark("How different attention can be with nearly the same answer (Jensen-Shannon, at most 0.693)"),
}
"""What each section is called."""


def format_table(rows: Sequence[Row], record: Mapping[str, Any]) -> str:
    """The rows in sections, with the intervals and how many texts each has."""
    return "\n".join([*_describe(record), *_format_sections(rows), "", *_explain(rows)])


def _describe(record: Mapping[str, Any]) -> Iterator[str]:
    data, settings = record["data"], record["settings"]
    yield f"{record['network']['name']} on {record['n']:,} of {data['texts']:,} texts: {data['name']}"
    yield f"seed {settings['seed']}; methods: {', '.join(settings['methods']) or 'none'}"


def _format_sections(rows: Sequence[Row]) -> Iterator[str]:
    width = max((len(_name(row)) for row in rows), default=0)
    for section, found in groupby(rows, key=lambda row: row.section):
        yield f"\n{TITLES[section]}"
        for row in found:
            interval = f"[{format_number(row.low)}, {format_number(row.high)}]"
            yield f"  {_name(row):<{width}}  {format_number(row.value):>7}  {interval:<17}  n {row.n:,}"


def _name(row: Row) -> str:
    name = f"{row.measure}: {row.of}" if row.of else row.measure
    return f"{name} (median)" if row.statistic == "median" else name


def _explain(rows: Sequence[Row]) -> Iterator[str]:
    """What has to be known to read the numbers."""
    yield "[ ]: 95\xa0% bootstrap interval over the texts (1,000 draws). It says nothing of other training seeds."
    names, sections = {row.of for row in rows}, {row.section for row in rows}
    if "answers" in sections:
        yield "The calibration error of drawn texts is larger by chance, so its interval lies high."
    if "spread" in sections and "weights" not in sections:
        yield "The attention of this network can't be replaced by weights of words, so it was not."
    if "even weights" in names:
        yield "Accuracy lost: own weights minus those, text by text. Another text's: those of one of about that length."
    if any("fixed_gradient" in name for name in names):
        yield "fixed_gradient: with the attention held fixed, as in Jain & Wallace 2019; gradient flows through it."
    if "plausibility" in sections:
        yield "What people find convincing need not be what the network used: what is lost without the words says that."
        yield "last words: the later, the higher. Reviewers sum up at the end: that persuades without any network."
    if "shifted" in names:
        yield "random: random scores; shifted: the first method's on other words. A faithful method is far from both."
