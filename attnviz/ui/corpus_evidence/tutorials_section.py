"""What did attention change? The tutorials' claims beside what they rest on and beside the same runs repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd
import streamlit as st

from attnviz.errors import AttnvizError
from attnviz.evidence.tutorial_run import Attention, TutorialRun, read_shipped_repeats, read_shipped_tutorials
from attnviz.evidence.tutorial_study import NAME, REPEATED
from attnviz.evidence.word_bag import read_shipped_bags
from attnviz.languages import mark, tr
from attnviz.models.registry import get_spec
from attnviz.models.tutorials import TUTORIALS, Tutorial
from attnviz.render.glossary import GLOSSARY
from attnviz.render.markdown import escape_markdown
from attnviz.render.number_table import style_numbers
from attnviz.render.numerals import format_count, format_number, format_percent
from attnviz.render.short_numbers import format_short
from attnviz.render.tutorial_report import (
    describe_bag,
    describe_change,
    describe_claim,
    find_span,
    plot_last,
    plot_repeats,
)
from attnviz.values.tutorial_repeats import Repeats

HEADING = mark("What did attention change?")
PLAIN = {"displayModeBar": False}
TRAINED_ON = 25_000
"""So many reviews the tutorials' networks and the bags of words learned from."""

COMPARED: tuple[tuple[tuple[str, Attention], tuple[str, Attention]], ...] = (
    (("bilstm", "own"), ("bilstm-additive", "own")),
    (("bilstm-additive", "even"), ("bilstm-additive", "own")),
    (("luong", "even"), ("luong", "own")),
)
"""Pairs of which the second has what the first lacks."""


def show_tutorials() -> None:
    """The claim, the figure of all test accuracies, what the numbers say, and the curves."""
    st.header(tr(HEADING), anchor=False)
    plain, attending = (get_spec(name).published.curves for name in ("bilstm", "bilstm-additive"))
    concluded = tr(
        "A tutorial much copied adds attention to a BiLSTM and concludes that it raised the accuracy from about {low} "
        "to {high}.",
        low=format_percent(0.94, 0),
        high=format_percent(0.99, 0),
    )
    st.markdown(f"{concluded} {describe_claim(plain, attending)}")
    try:
        found = find_repeats()
        bags = _find_bags()
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return
    _show_accuracies(found, bags)
    _show_curves(found)
    _show_table(found)
    with st.expander(tr("How they were repeated, and what differs from the tutorials")):
        st.markdown("\n".join(_describe_recipes()))


def find_repeats() -> dict[tuple[str, Attention], Repeats]:
    """What was repeated, by network and attention, in the order of REPEATED; those without a run have empty tuples.

    Raises:
        DataError: a file that ships is damaged.
    """
    return {pair: read_shipped_repeats(*pair) for pair in REPEATED}


def _find_bags() -> Mapping[str, float]:
    found = (read_shipped_bags().find(network, 1, TRAINED_ON) for network in ("bilstm", "luong"))
    return {tr("bag of {n} words", n=bag.steps): bag.accuracy for bag in found if bag is not None}


def _show_accuracies(found: Mapping[tuple[str, Attention], Repeats], bags: Mapping[str, float]) -> None:
    st.markdown(
        tr("**Test accuracy** of the published runs, of the same recipes repeated here, and of no network at all:")
    )
    shown = [one for one in found.values() if one.drawn]
    st.plotly_chart(plot_last(shown, bags), config=PLAIN, key="tutorials_last")
    runs = [run for network in dict.fromkeys(name for name, _ in found) for run in read_shipped_tutorials(network)]
    st.caption(_describe_runs(runs))
    for sentence in _list_sentences(found):
        st.markdown(f"- {sentence}")


def _describe_runs(runs: Sequence[TutorialRun]) -> str:
    command = f"attnviz reproduce {NAME}"
    if not runs:
        return tr("None of them has been repeated here yet. `{command}` trains them.", command=command)
    return tr(
        "{runs} runs, {reviews} test reviews each, {hours} hours of training in all. `{command}` trains them.",
        runs=len(runs),
        reviews=format_count(max(run.run.data["test"] for run in runs)),
        hours=format_number(sum(run.run.seconds for run in runs) / 3600, 1),
        command=command,
    )


def _list_sentences(found: Mapping[tuple[str, Attention], Repeats]) -> Iterator[str]:
    """What the numbers say, one after the other."""
    for first, second in COMPARED:
        if found[first].last and found[second].last:
            yield describe_change(found[first], found[second])
    bags = read_shipped_bags()
    for network in ("bilstm", "luong"):
        if (bag := bags.find(network, 1, TRAINED_ON)) is not None:
            same = [one for (name, _), one in found.items() if get_spec(name).steps == bag.steps]
            yield describe_bag(bag.accuracy, bag.steps, same)


def _show_curves(found: Mapping[tuple[str, Attention], Repeats]) -> None:
    drawn = {one.name: one for one in found.values() if one.drawn}
    left, right = st.columns(2)
    names = list(drawn)
    choices = (("tutorials_left", "bilstm", left), ("tutorials_right", "bilstm-additive", right))
    chosen = [
        drawn[place.selectbox(label, names, index=names.index(start), key=key)]
        for (key, start, place), label in zip(choices, (tr("Curves of"), tr("beside those of")), strict=True)
    ]
    span = find_span(chosen, "accuracy")
    for one, (key, _, place) in zip(chosen, choices, strict=True):
        place.plotly_chart(plot_repeats(one, "accuracy", span), config=PLAIN, key=f"{key}_figure")
    st.caption(
        tr(
            "Thin: each seed here. Dotted: the published run on the test reviews, dashed: in training. Validation is "
            "on the test reviews, as the tutorials did it; {network} holds out {share} of the training reviews.",
            network="lstm-featurewise",
            share=format_percent(TUTORIALS["lstm-featurewise"].held_out, 0),
        )
    )


def _show_table(found: Mapping[tuple[str, Attention], Repeats]) -> None:
    with st.expander(tr("The same as a table")):
        rows = pd.DataFrame([_describe_row(one) for one in found.values()])
        shares = [name for name in rows.columns if name not in (tr("network"), tr("seeds"))]
        st.dataframe(style_numbers(rows, shares=shares), placeholder="–", hide_index=True)
        st.caption(tr("Accuracies. SD: {meaning} Best: the best of all epochs.", meaning=tr(GLOSSARY["SD"])))


def _describe_row(one: Repeats) -> dict[str, object]:
    log = one.published or {}
    return {
        tr("network"): one.name,
        tr("test, published last"): log["val_accuracy"][-1] if log else None,
        tr("test, published best"): max(log["val_accuracy"]) if log else None,
        tr("test, here last"): one.mean if one.last else None,
        tr("± SD"): one.spread,
        tr("seeds"): len(one.last),
        tr("training, published last"): log["accuracy"][-1] if log else None,
        tr("training, here last"): one.trained,
    }


def _describe_recipes() -> Iterator[str]:
    for network in dict.fromkeys(name for name, _ in REPEATED):
        tutorial = TUTORIALS[network]
        differences = " ".join(map(tr, tutorial.differences))
        yield f"- {_describe_recipe(network, tutorial)} {differences}"


def _describe_recipe(network: str, tutorial: Tutorial) -> str:
    recipe = tutorial.recipe
    values: dict[str, object] = {
        "network": network,
        "rate": format_short(recipe.learning_rate),
        "steps": get_spec(network).steps,
    }
    values |= {"epochs": recipe.epochs, "size": recipe.batch_size, "source": tr(tutorial.source)}
    if not tutorial.held_out:
        return tr(
            "**{network}**: Adam at {rate}, {epochs} epochs of batches of {size}, filled up on the left to {steps} "
            "words and read with the padding, the test reviews read after every epoch, the last epoch kept. After "
            "{source}.",
            **values,
        )
    return tr(
        "**{network}**: Adam at {rate}, {epochs} epochs of batches of {size}, filled up on the left to {steps} words "
        "and read with the padding, {share} of the training reviews held out, the last epoch kept. After {source}.",
        **values,
        share=format_percent(tutorial.held_out, 0),
    )
