"""The page Models: what is in the library, what was published, and what is damaged."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd
import streamlit as st

from attnviz.evidence.tutorial_run import read_shipped_repeats
from attnviz.evidence.word_bag import read_shipped_bags
from attnviz.languages import mark, tr, tr_n
from attnviz.models.registry import MODELS
from attnviz.render.markdown import escape_markdown
from attnviz.render.number_table import style_numbers
from attnviz.render.numerals import format_count, format_number, format_percent
from attnviz.render.phrases import join_list, join_sentences
from attnviz.render.tutorial_report import plot_repeats
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.library import DamagedCheckpoint, build_card
from attnviz.ui.asking import is_end_of_asking
from attnviz.ui.brought_models.adding_section import show_adding
from attnviz.ui.brought_models.own_list import show_own_models
from attnviz.ui.corpus_evidence.evidence_page import show_page as show_evidence
from attnviz.ui.curves import show_curves
from attnviz.ui.kept_lapse import show_kept_lapse
from attnviz.ui.layer_section import show_layers_of
from attnviz.ui.network_card import show_card
from attnviz.ui.reviews.choices import name_model
from attnviz.ui.reviews.opening import open_in_reviews
from attnviz.ui.select import select
from attnviz.ui.state import get_library, get_review_models, show_live
from attnviz.ui.training_page import show_page as show_training
from attnviz.values.model_card import ModelCard

CLEAR_DIFFERENCE = 0.005
"""In accuracy on 25,000 reviews, whose own standard error is 0.002, before the scatter between seeds."""

_WAYS = (
    (mark("What was measured of it"), show_evidence, "Evidence", "evidence"),
    (mark("Train one like it"), show_training, "Training", "training"),
)

_BEATS = mark(
    "On these reviews attention beats the plain BiLSTM: of the networks that read 200 words, the best with attention "
    "({best}) reaches {reached}, the one without {plain} (one seed each, so differences under {little} points mean "
    "little)."
)
_DOES_NOT_BEAT = mark(
    "On these reviews attention does not clearly beat the plain BiLSTM: of the networks that read 200 words, the best "
    "with attention ({best}) reaches {reached}, the one without {plain} (one seed each, so differences under {little} "
    "points mean little)."
)

LEARNED_FROM = 22_500
"""So many reviews the networks of the library learned from, and the bags of words that stand beside them."""


def show_page() -> None:
    """The table of networks, the damaged ones with the reason, and one network in detail."""
    is_end_of_asking()  # of this page's own parts; another page must not take it for its own
    st.title(tr("Models"), anchor=False)
    st.markdown(tr("The networks of this library, what the published runs reported, and what ours reached."))
    show_adding()
    show_own_models()
    library = get_library()
    usable = {item.name: item for item in library if isinstance(item, Checkpoint)}
    for item in library:
        if isinstance(item, DamagedCheckpoint):
            told = tr("**{name}** cannot be used.", name=escape_markdown(item.name))
            st.error(join_sentences((told, escape_markdown(item.reason))))
    _show_table(usable)
    _compare(usable)
    cards = {name: build_card(item) for name, item in usable.items()} | get_review_models()
    if cards:
        chosen = select(tr("Model"), list(cards), lambda name: name_model(cards[name]), key="models_shown")
        _show_details(cards[chosen], usable.get(chosen))


def _show_table(usable: dict[str, Checkpoint]) -> None:
    rows = [_row(item) for item in usable.values()]
    missing = [spec for spec in MODELS.values() if spec.name not in usable]
    rows += [
        {
            "model": spec.name,
            "published": spec.published.accuracy,
            "network": tr(spec.title),
            "parameters": spec.parameters,
        }
        for spec in missing
    ]
    best = st.column_config.NumberColumn(tr("published best"), help=tr("Chosen on the test set itself."))
    st.dataframe(
        style_numbers(pd.DataFrame(rows).rename(columns=tr), shares=(tr("published"), tr("reached"))),
        placeholder="–",
        hide_index=True,
        column_config={
            tr("parameters"): st.column_config.NumberColumn(format="localized"),
            tr("published"): best,
        },
    )
    if missing:
        st.caption(tr("Not trained yet: {networks}.", networks=join_list(spec.name for spec in missing)))


def _row(item: Checkpoint) -> dict[str, object]:
    """By the English names of the columns."""
    run, spec = item.run, item.spec
    return {
        mark("model"): item.name,
        mark("whose"): "" if item.name in MODELS else tr("yours"),
        mark("reached"): run.accuracy,
        mark("published"): spec.published.accuracy,
        mark("network"): tr(spec.title),
        mark("parameters"): run.parameters,
        mark("measured on"): _describe_test(item),
        mark("selection"): tr(run.protocol),
        mark("kept epoch"): run.selected_epoch,
        mark("seed"): run.seed,
        mark("trained"): run.created[:10],
    }


def _describe_test(item: Checkpoint) -> str:
    if item.spec.task != "reviews":
        return tr("validation samples")
    count, data = item.run.data["test"], item.spec.data
    if data:
        return tr_n("{n} test text of {data}", "{n} test texts of {data}", count, n=format_count(count), data=data)
    return tr_n("{n} test review", "{n} test reviews", count, n=format_count(count))


def _compare(usable: dict[str, Checkpoint]) -> None:
    """Say what the figures say about attention, as long as the full test set was read for each."""
    full = [item for name, item in usable.items() if name in MODELS and item.run.data.get("test") == 25_000]
    plain = next((item for item in full if item.spec.attention_layer is None), None)
    rivals = [item for item in full if item.spec.attention_layer and item.spec.steps == (plain and plain.spec.steps)]
    if plain is None or not rivals:
        return
    best = max(rivals, key=lambda item: item.run.accuracy)
    difference = best.run.accuracy - plain.run.accuracy
    said = tr(
        _BEATS if difference > CLEAR_DIFFERENCE else _DOES_NOT_BEAT,
        best=best.name,
        reached=format_percent(best.run.accuracy, 2),
        plain=format_percent(plain.run.accuracy, 2),
        little=format_number(100 * CLEAR_DIFFERENCE, 1),
    )
    st.markdown(join_sentences((said, _describe_bags())))


def _describe_bags() -> str:
    """What a regression on the same words reaches."""
    bags = read_shipped_bags()
    found = [[bags.find(network, longest, LEARNED_FROM) for network in ("bilstm", "luong")] for longest in (1, 2)]
    words, pairs = ([format_percent(bag.accuracy) for bag in row if bag is not None] for row in found)
    return tr(
        "Logistic regression on a bag of words reaches {words} with the last 200 words and {more_words} with 500, on "
        "words and pairs of words {pairs} and {more_pairs} ({n} test reviews, `{command}`).",
        words=words[0],
        more_words=words[1],
        pairs=pairs[0],
        more_pairs=pairs[1],
        n=format_count(25_000),
        command=bags.command,
    )


def _show_details(card: ModelCard, item: Checkpoint | None) -> None:
    """The card of a network and its layers; of one that was trained here, also how that went."""
    st.header(escape_markdown(card.title), anchor=False)
    if item is not None and item.spec.task != "reviews":
        st.markdown(tr(item.spec.summary))
    else:
        show_card(card)
        show_live(show_layers_of, card)
        _show_ways(card)
    if item is not None:
        _show_training(item)


def _show_ways(card: ModelCard) -> None:
    """Where the network can be used, and where what was measured of it stands."""
    with st.container(horizontal=True):
        if st.button(tr("Read a text with it"), key="models_read"):
            open_in_reviews(card.name)
        for label, show, title, path in _WAYS:
            if st.button(tr(label), key=f"models_{path}"):
                st.switch_page(st.Page(show, title=tr(title), url_path=path))


def _show_training(item: Checkpoint) -> None:
    st.subheader(tr("How it was trained"), anchor=False)
    published = item.spec.published if item.spec.task == "reviews" and item.deceit is None else None
    chance = item.run.data.get("majority")
    show_curves(item.history, published, selected_epoch=item.run.selected_epoch, chance=chance, key="model")
    if item.name in MODELS and published is not None:
        _show_tutorial(item.name)
    show_kept_lapse(item.folder, item.history, key="model_lapse")
    with st.expander(tr("The record of this run (run.json)")):
        st.json({**asdict(item.run), "files": dict(item.files)})


def _show_tutorial(network: str) -> None:
    """The network trained as its tutorial trained it, with several seeds, where such runs ship."""
    repeats = read_shipped_repeats(network, "own")
    if not repeats.curves:
        return
    st.markdown(tr("**As its tutorial trained it**, repeated here with several seeds, under the published run:"))
    for place, measure in zip(st.columns(2), ("loss", "accuracy"), strict=True):
        figure = plot_repeats(repeats, measure)
        place.plotly_chart(figure, config={"displayModeBar": False}, key=f"tutorial_{measure}")
