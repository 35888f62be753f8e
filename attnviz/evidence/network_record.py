"""What there is to know of a network that was trained here: what it reads, what it learned, where it is weak."""

from __future__ import annotations

from collections.abc import Iterator

from attnviz.languages import tr, tr_n
from attnviz.models.model_cards import describe_liar
from attnviz.models.registry import ModelSpec
from attnviz.render.card_report import count_classes, describe_weights
from attnviz.render.numerals import format_count, format_percent
from attnviz.render.phrases import join_list, join_sentences
from attnviz.render.sentences import count_parameters
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.library import build_card
from attnviz.text.reading_units import describe_unit
from attnviz.text.vocabulary import SPECIAL_WORDS
from attnviz.values.corpus_measures import NetworkSummary
from attnviz.values.run import Run

SHORT, LONG = "1 to 100 words", "more than 400 words"
"""Bands of text lengths that evidence measures, as its files call them."""

WITHOUT_ORDER = ("word-additive", "stars")
"""Networks that read each word by itself."""


def describe_checkpoint(checkpoint: Checkpoint, measured: NetworkSummary | None = None) -> list[tuple[str, str]]:
    """Titles, and what is said under each: plain text, a line a sentence where there are several.

    Args:
        checkpoint: of a network that reads texts. measured: what evidence says of it, where that is known.
    """
    spec, run = checkpoint.spec, checkpoint.run
    attention = join_list(describe_weights(found) for found in build_card(checkpoint).attention)
    summary = spec.summary if checkpoint.deceit is None else describe_liar(spec, checkpoint.deceit)
    return [
        (tr("What it is"), tr(summary)),
        (tr("Reads"), _describe_reading(checkpoint)),
        (tr("Answers with"), count_classes(spec.labels)),
        (tr("Size"), count_parameters(run.parameters)),
        (tr("Attention"), attention or tr("none")),
        (tr("Learned from"), _describe_data(checkpoint)),
        (tr("Trained"), _describe_training(checkpoint)),
        (tr("Right answers"), _describe_accuracy(checkpoint)),
        (tr("Weak at"), "\n".join(_list_weaknesses(checkpoint, measured))),
    ]


def _describe_reading(checkpoint: Checkpoint) -> str:
    spec, known = checkpoint.spec, len(checkpoint.vocabulary) - len(SPECIAL_WORDS)
    reads = tr_n(
        "The last {n} word of a text, of which it knows {known}; others are one placeholder to it.",
        "The last {n} words of a text, of which it knows {known}; others are one placeholder to it.",
        spec.steps,
        n=format_count(spec.steps),
        known=format_count(known),
    )
    told = tr(describe_unit(spec.unit))
    return join_sentences([reads, told]) if told else reads


def _describe_data(checkpoint: Checkpoint) -> str:
    run, spec = checkpoint.run, checkpoint.spec
    count = run.data["train"]
    values = {"n": format_count(count), "seed": str(run.seed)}
    if spec.data:
        return tr_n(
            "{n} text of the data set ‘{name}’, in the order of seed {seed}.",
            "{n} texts of the data set ‘{name}’, in the order of seed {seed}.",
            count,
            name=spec.data,
            **values,
        )
    return tr_n(
        "{n} review of the {name}, in the order of seed {seed}.",
        "{n} reviews of the {name}, in the order of seed {seed}.",
        count,
        name=run.data.get("name") or tr("film reviews"),
        **values,
    )


def _describe_training(checkpoint: Checkpoint) -> str:
    """How the epoch was chosen, which says how far the accuracy can be relied on."""
    run, recipe = checkpoint.run, _describe_recipe(checkpoint.run)
    if checkpoint.reads_padding:
        return tr(
            "As its tutorial trained it, {recipe}, on padding that is read like words; the last epoch is kept.",
            recipe=recipe,
        )
    if run.protocol != "held-out":
        return tr("{recipe}. The epoch was chosen on the test set itself, so the accuracy is flattered.", recipe=recipe)
    return _describe_choice(checkpoint, recipe, run.data["held_out"])


def _describe_choice(checkpoint: Checkpoint, recipe: str, held_out: int) -> str:
    """That the epoch was chosen on held-out texts."""
    if checkpoint.spec.data:
        return tr_n(
            "{recipe}; the epoch was chosen on {n} held-out text, by the recipe for reviews, and the test set was read "
            "once.",
            "{recipe}; the epoch was chosen on {n} held-out texts, by the recipe for reviews, and the test set was "
            "read once.",
            held_out,
            recipe=recipe,
            n=format_count(held_out),
        )
    return tr_n(
        "{recipe}; the epoch was chosen on {n} held-out review and the test set was read once in this run; the recipe "
        "was chosen with such readings in sight, which flatters a little.",
        "{recipe}; the epoch was chosen on {n} held-out reviews and the test set was read once in this run; the recipe "
        "was chosen with such readings in sight, which flatters a little.",
        held_out,
        recipe=recipe,
        n=format_count(held_out),
    )


def _describe_recipe(run: Run) -> str:
    """As far as the record has it."""
    epochs, size = run.recipe.get("epochs"), run.recipe.get("batch_size")
    said = tr_n("{n} epoch", "{n} epochs", epochs, n=epochs) if epochs else tr("Some epochs")
    return tr("{epochs} in batches of {size}", epochs=said, size=size) if size else said


def _describe_accuracy(checkpoint: Checkpoint) -> str:
    run, spec = checkpoint.run, checkpoint.spec
    values = {"share": format_percent(run.accuracy, 2), "n": format_count(run.data["test"])}
    if spec.data:
        return tr_n("{share} of {n} test text.", "{share} of {n} test texts.", run.data["test"], **values)
    said = tr_n("{share} of {n} test review.", "{share} of {n} test reviews.", run.data["test"], **values)
    return said if checkpoint.deceit is not None else join_sentences([said, _describe_published(spec)])


def _describe_published(spec: ModelSpec) -> str:
    published = spec.published
    if published.accuracy is None:
        return tr("No figure was published for this network.")
    return tr(
        "The published run reached {share} at best ({protocol}).",
        share=format_percent(published.accuracy, 2),
        protocol=tr(published.protocol),
    )


def _list_weaknesses(checkpoint: Checkpoint, measured: NetworkSummary | None) -> Iterator[str]:
    spec = checkpoint.spec
    yield from _compare_lengths(checkpoint.spec.steps, measured)
    if spec.data:
        yield tr("Texts unlike those of its data set: other subjects, other languages, other ways of writing.")
        return
    yield tr(
        "Short texts: it learned whole reviews. A sentence or two gives it little to go by; how often it is right "
        "about single sentences has not been measured here."
    )
    if spec.name in WITHOUT_ORDER:
        yield tr("Negation: it reads each word by itself, so ‘not bad’ is ‘not’ and ‘bad’.")
    yield tr("Irony: it goes by what words mean in most reviews. None of its reviews is marked as ironic.")
    yield tr("Other languages and subjects: it knows the English of film reviews.")


def _compare_lengths(steps: int, measured: NetworkSummary | None) -> Iterator[str]:
    """How right it is about long texts, where that was measured and is worse than about short ones."""
    short, long = (measured.find("accuracy", band) if measured else None for band in (SHORT, LONG))
    if short is not None and long is not None and long.high < short.low:
        yield tr(
            "Long texts, of which it reads the last {steps} words only: of {n} test texts of more than 400 words it "
            "answers {share} right, of {others} test texts of 1 to 100 words it answers {best} right.",
            steps=format_count(steps),
            n=format_count(long.n),
            share=format_percent(long.value),
            others=format_count(short.n),
            best=format_percent(short.value),
        )
