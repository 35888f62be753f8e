"""The page Reviews: type a review and see what a network attended to."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import streamlit as st

from attnviz.checkpoints import Checkpoint
from attnviz.datasets.imdb import find_imdb, load_imdb
from attnviz.errors import AttnvizError, Superseded
from attnviz.examples import EXAMPLES
from attnviz.render.html import render_document
from attnviz.render.words import METHOD_HELP, METHODS
from attnviz.results import Explanation
from attnviz.ui.components.review_editor import show_review_editor
from attnviz.ui.history import show_curves
from attnviz.ui.state import LOADING, get_engine, get_review_models, get_session, show_live
from attnviz.ui.trust import show_trust

EDITOR = "review_editor"
DEFAULT_MODEL = "lstm-dot"
"""Its attention picks words out; that of `luong` is nearly even, as the page says under each review."""


def show_page() -> None:
    """Everything on the page, from the question to the depth on demand."""
    st.title("Reviews", anchor=False)
    st.markdown("Type a film review. The network says how positive it is, and shows the words that it attended to.")
    models = get_review_models()
    if not models:
        st.error("There is no usable text network in the library. See the page Models, or train one.")
        return
    _start_state()
    model, method = _choose(models)
    _offer_texts()
    show_live(_show_editor, models[model], method)
    show_trust(model, method)
    _show_depth(models[model])


def _start_state() -> None:
    state = st.session_state
    state.setdefault("review_text", next(iter(EXAMPLES.values())))
    state.setdefault("review_revision", 0)
    state.setdefault("review_source", "")


def _choose(models: dict[str, Checkpoint]) -> tuple[str, str]:
    names = list(models)
    if st.session_state.get("review_model") not in names:  # the first visit, or a run that was deleted meanwhile
        st.session_state.review_model = DEFAULT_MODEL if DEFAULT_MODEL in names else names[0]
    left, right = st.columns(2)
    model = left.selectbox(
        "Model",
        names,
        format_func=lambda name: f"{name} · {models[name].spec.title}",
        help=" ".join(f"**{name}**: {item.spec.summary}" for name, item in models.items()),
        key="review_model",
    )
    methods = models[model].spec.methods
    method = right.selectbox(
        "Method",
        methods,
        format_func=lambda name: METHODS[name],
        help=" ".join(f"**{METHODS[name]}**: {METHOD_HELP[name]}" for name in methods),
        key=f"review_method_{'-'.join(methods)}",
    )
    return model, method


def _offer_texts() -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="review_texts"):
        st.markdown("Examples")
        for title, text in EXAMPLES.items():
            st.button(title, key=f"example_{title}", on_click=_set_text, args=(text, ""))
        drawn = False
        if _archive_is_here():
            drawn = st.button("Random test review", key="random_review")
    if drawn:
        with st.spinner("Reading the reviews (the first time takes about 20 s)…"):
            _draw_review()


def _archive_is_here() -> bool:
    try:
        return find_imdb() is not None
    except AttnvizError:
        return False


def _set_text(text: str, source: str) -> None:
    st.session_state.review_text = text
    st.session_state.review_source = source
    st.session_state.review_revision += 1


def _draw_review() -> None:
    try:
        test = load_imdb(download=False).test
    except AttnvizError as error:
        st.session_state.review_source = str(error)
        return
    index = random.randrange(len(test))
    label = "positive" if test.labels[index] else "negative"
    _set_text(
        test.texts[index].replace("<br />", "\n"),
        f"Test review {index:,} of the Large Movie Review Dataset; its author gave {test.ratings[index]} of 10 stars, "
        f"so it counts as {label}.",
    )


def _typed() -> None:
    st.session_state.review_text = st.session_state[EDITOR]["text"]
    st.session_state.review_source = ""


def _show_editor(checkpoint: Checkpoint, method: str) -> None:
    """The editor and its answer: the one part that runs again while somebody types."""
    state = st.session_state
    shown: dict[str, Any] = {"state": "ready", "message": state.review_source}
    engine = get_engine()
    if engine.state == "loading":
        shown = _show_stored(checkpoint, method)
    else:
        try:
            state.review_answer = engine.explain(checkpoint.name, state.review_text, method, editor=get_session())
        except Superseded:
            shown = {"state": "loading", "message": ""}
        except AttnvizError as error:
            shown = {"state": "error", "message": str(error)}
    show_review_editor(
        state.review_text,
        state.review_revision,
        explanation=state.get("review_answer"),
        key=EDITOR,
        on_text=_typed,
        **shown,
    )
    if shown["state"] == "ready":
        _offer_downloads(state.review_answer)


def _show_stored(checkpoint: Checkpoint, method: str) -> dict[str, str]:
    """While the engine loads, an example has its answer already: the one that was stored with the network."""
    text = st.session_state.review_text
    for example in checkpoint.examples:
        if (example.text, example.method) == (text, method):
            st.session_state.review_answer = replace(example, model=checkpoint.name)
            return {"state": "ready", "message": f"This answer was stored with the network. {LOADING}"}
    return {"state": "loading", "message": LOADING}


def _offer_downloads(explanation: Explanation) -> None:
    with st.container(horizontal=True):
        for kind, label, make in (
            ("html", "HTML", lambda: "".join(render_document([explanation]))),
            ("csv", "CSV", lambda: explanation.to_frame().to_csv(index=False)),
            ("json", "JSON", lambda: explanation.to_json(indent=2)),
        ):
            st.download_button(
                f"Download {label}", make, f"attnviz-review.{kind}", key=f"download_{kind}", on_click="ignore"
            )


def _show_depth(checkpoint: Checkpoint) -> None:
    run, spec = checkpoint.run, checkpoint.spec
    st.subheader("How this network was trained", anchor=False)
    st.markdown(_training_sentence(checkpoint))
    show_curves(checkpoint.history, spec.published, selected_epoch=run.selected_epoch)
    with st.expander("Layers"):
        _show_layers(checkpoint.name)


def _training_sentence(checkpoint: Checkpoint) -> str:
    run, spec = checkpoint.run, checkpoint.spec
    chosen = (
        f"The epoch was chosen on {run.data['held_out']:,} held-out reviews and the test set was read once"
        if run.protocol == "held-out"
        else "The epoch was chosen on the test set itself, as the tutorials did, so its accuracy is flattered"
    )
    published = (
        f" The published run reached {spec.published.accuracy:.2%} at best ({spec.published.protocol})."
        if spec.published.accuracy
        else " No figure was published for this network."
    )
    return (
        f"**{run.accuracy:.2%}** of {run.data['test']:,} test reviews right, after training on "
        f"{run.data['train']:,} reviews with seed {run.seed}. {chosen}.{published}"
    )


def _show_layers(name: str) -> None:
    engine = get_engine()
    if engine.state != "ready":
        st.caption(LOADING)
        return
    try:
        layers = engine.ask("layers", model=name)
    except AttnvizError as error:
        st.error(str(error))
        return
    from attnviz.ui.layers import show_layer_table

    show_layer_table(layers)
