"""What there is to know of a network that was trained here: what it reads, what it learned, where it is weak."""

from __future__ import annotations

from collections.abc import Iterator

from attnviz.models.model_cards import describe_liar
from attnviz.render.card_report import describe_labels, describe_weights
from attnviz.render.numerals import format_percent
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.library import build_card
from attnviz.text.reading_units import describe_unit
from attnviz.text.vocabulary import SPECIAL_WORDS
from attnviz.values.corpus_measures import NetworkSummary, Row
from attnviz.values.run import Run

SHORT, LONG = "1 to 100 words", "more than 400 words"
"""Bands of text lengths that evidence measures."""

WITHOUT_ORDER = ("word-additive", "stars")
"""Networks that read each word by itself."""


def describe_checkpoint(checkpoint: Checkpoint, measured: NetworkSummary | None = None) -> list[tuple[str, str]]:
    """Titles, and what is said under each: plain text, a line a sentence where there are several.

    Args:
        checkpoint: of a network that reads texts. measured: what evidence says of it, where that is known.
    """
    spec, run = checkpoint.spec, checkpoint.run
    attention = ", ".join(describe_weights(found) for found in build_card(checkpoint).attention)
    summary = spec.summary if checkpoint.deceit is None else describe_liar(spec, checkpoint.deceit)
    return [
        ("What it is", summary),
        ("Reads", _describe_reading(checkpoint)),
        ("Answers with", f"{len(spec.labels)} classes: {describe_labels(spec.labels)}"),
        ("Size", f"{run.parameters:,} parameters"),
        ("Attention", attention or "none"),
        ("Learned from", _describe_data(checkpoint)),
        ("Trained", _describe_training(checkpoint)),
        ("Right answers", _describe_accuracy(checkpoint)),
        ("Weak at", "\n".join(_list_weaknesses(checkpoint, measured))),
    ]


def _describe_reading(checkpoint: Checkpoint) -> str:
    spec, known = checkpoint.spec, len(checkpoint.vocabulary) - len(SPECIAL_WORDS)
    told = describe_unit(spec.unit)
    reads = f"The last {spec.steps:,} words of a text, of which it knows {known:,}; others are one placeholder to it."
    return f"{reads} {told}".strip()


def _describe_data(checkpoint: Checkpoint) -> str:
    run, spec = checkpoint.run, checkpoint.spec
    noun = "texts of the data set" if spec.data else "reviews of the"
    name = f"‘{spec.data}’" if spec.data else str(run.data.get("name", "film reviews"))
    return f"{run.data['train']:,} {noun} {name}, in the order of seed {run.seed}."


def _describe_training(checkpoint: Checkpoint) -> str:
    """How the epoch was chosen, which says how far the accuracy can be relied on."""
    run, spec = checkpoint.run, checkpoint.spec
    recipe = _describe_recipe(run)
    if checkpoint.reads_padding:
        return f"As its tutorial trained it, {recipe}, on padding that is read like words; the last epoch is kept."
    if run.protocol != "held-out":
        return f"{recipe}. The epoch was chosen on the test set itself, so the accuracy is flattered."
    noun = "texts" if spec.data else "reviews"
    chosen = f"{recipe}; the epoch was chosen on {run.data['held_out']:,} held-out {noun}"
    if spec.data:
        return f"{chosen}, by the recipe for reviews, and the test set was read once."
    return (
        f"{chosen} and the test set was read once in this run; the recipe was chosen with such readings in sight, "
        "which flatters a little."
    )


def _describe_recipe(run: Run) -> str:
    """As far as the record has it."""
    epochs, size = run.recipe.get("epochs"), run.recipe.get("batch_size")
    return f"{epochs or 'Some'} epochs{f' in batches of {size}' if size else ''}"


def _describe_accuracy(checkpoint: Checkpoint) -> str:
    run, spec = checkpoint.run, checkpoint.spec
    noun = "texts" if spec.data else "reviews"
    said = f"{format_percent(run.accuracy, 2)} of {run.data['test']:,} test {noun}."
    if spec.data or checkpoint.deceit is not None:
        return said
    published = spec.published
    if published.accuracy is None:
        return f"{said} No figure was published for this network."
    return f"{said} The published run reached {format_percent(published.accuracy, 2)} at best ({published.protocol})."


def _list_weaknesses(checkpoint: Checkpoint, measured: NetworkSummary | None) -> Iterator[str]:
    spec = checkpoint.spec
    yield from _compare_lengths(checkpoint.spec.steps, measured)
    if spec.data:
        yield "Texts unlike those of its data set: other subjects, other languages, other ways of writing."
        return
    yield (
        "Short texts: it learned whole reviews. A sentence or two gives it little to go by; how often it is right "
        "about single sentences has not been measured here."
    )
    if spec.name in WITHOUT_ORDER:
        yield "Negation: it reads each word by itself, so ‘not bad’ is ‘not’ and ‘bad’."
    yield "Irony: it goes by what words mean in most reviews. None of its reviews is marked as ironic."
    yield "Other languages and subjects: it knows the English of film reviews."


def _compare_lengths(steps: int, measured: NetworkSummary | None) -> Iterator[str]:
    """How right it is about long texts, where that was measured and is worse than about short ones."""
    short, long = (measured.find("accuracy", band) if measured else None for band in (SHORT, LONG))
    if short is not None and long is not None and long.high < short.low:
        yield f"Long texts, of which it reads the last {steps} words only: {_say(long, LONG)}, {_say(short, SHORT)}."


def _say(row: Row, band: str) -> str:
    return f"of {row.n:,} test texts of {band} it answers {format_percent(row.value)} right"
