"""Which data a run learns: the IMDB reviews, or a data set of one's own."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from attnviz.data.datasets import list_datasets
from attnviz.data.imdb import find_imdb
from attnviz.errors import AttnvizError
from attnviz.languages import mark, tr
from attnviz.models.own_data_spec import OWN, get_run_spec
from attnviz.models.registry import ModelSpec
from attnviz.render.dataset_report import describe_classes
from attnviz.render.markdown import escape_markdown
from attnviz.render.numerals import format_count, format_percent
from attnviz.render.phrases import join_sentences
from attnviz.text.reading_units import describe_unit
from attnviz.ui.owner import get_owner
from attnviz.ui.select import select
from attnviz.values.dataset import Dataset

REVIEWS = mark("IMDB reviews")
KEY = "train_data"

_READS = {
    "words": mark("It reads the last {steps} words, of at most {known} different ones."),
    "characters": mark("It reads the last {steps} characters, of at most {known} different ones."),
    "jieba": mark("It reads the last {steps} words that jieba cuts, of at most {known} different ones."),
}
"""What a network reads, by the unit of the data set."""


def choose_data() -> Dataset | None:
    """The select; None for the reviews. Visitors of a server have no data sets of their own to choose from."""
    state = st.session_state
    own = {} if get_owner() else {one.name: one for one in list_datasets() if isinstance(one, Dataset)}
    if (arrived := state.pop(f"{KEY}_next", None)) in own:
        state[KEY] = arrived  # it was read just now
    if state.get(KEY, "") not in ("", *own):
        state.pop(KEY)  # it was deleted
    chosen = own.get(select(tr("Data"), ["", *own], lambda name: name or tr(REVIEWS), key=KEY))
    if chosen is None:
        _say_where_the_reviews_are()
    else:
        st.caption(_describe(chosen))
    return chosen


def choose_limit(chosen: Dataset | None, limits: tuple[int, ...]) -> int:
    """How many training texts are used: one of these numbers, as many as there are of one's own, or all of those."""
    texts = limits[-1] if chosen is None else sum(chosen.train)
    offered = (*(limit for limit in limits if limit < texts), texts)
    if len(offered) == 1:
        about = tr("All of them: there are few.")
        st.text_input(tr("Texts"), format_count(texts), disabled=True, help=about, key=f"train_all_{texts}")
        return texts
    chosen_limit: int = st.select_slider(
        tr("Reviews") if chosen is None else tr("Texts"),
        offered,
        value=2_000 if 2_000 in offered else texts,
        format_func=format_count,
        help=tr(
            "How many training texts to use, and at most as many test texts. {share} of them select the epoch.",
            share=format_percent(0.1, 0),
        ),
        key="train_limit" if chosen is None else f"train_limit_{chosen.name}",
    )
    return chosen_limit


def describe_network(spec: ModelSpec, chosen: Dataset | None) -> str:
    """What a network is, in a sentence or two, for the data that are chosen."""
    if chosen is None:
        size = format_count(spec.parameters)
        reads = tr(
            "It reads the last {steps} words and has {parameters} parameters.", steps=spec.steps, parameters=size
        )
        return join_sentences((tr(spec.summary), reads))
    fitted = get_run_spec(spec.name, {"answer": OWN, **asdict(chosen), "labels": list(chosen.labels)})
    reads = tr(_READS[chosen.unit], steps=spec.steps, known=format_count(spec.vocabulary_size))
    return join_sentences((tr(fitted.summary), reads))


def _describe(chosen: Dataset) -> str:
    said = tr("{sentence}.", sentence=describe_classes(chosen))
    return escape_markdown(join_sentences(filter(None, (said, tr(describe_unit(chosen.unit))))))


def _say_where_the_reviews_are() -> None:
    try:
        here = find_imdb() is not None
    except AttnvizError as error:
        st.error(escape_markdown(str(error)))
        return
    if here:
        about = mark("{n} film reviews to train on and as many to test with, each negative or positive.")
        st.caption(tr(about, n=format_count(25_000)))
    else:
        st.info(tr("The reviews are not on this machine yet: the first run downloads them (84 MB) from Stanford."))
