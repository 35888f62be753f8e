"""Below the lab: every step inside the network for one sample, and the run to take away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from attnviz.engine.protocol import InspectTask
from attnviz.errors import AttnvizError
from attnviz.lab.controls import write_link
from attnviz.lab.lab_picture import name_places
from attnviz.lab.lab_results import LabInspection, LabResult, tabulate_samples
from attnviz.lab.run_script import write_script, write_table_script
from attnviz.lab.tasks import TaskSettings, get_task
from attnviz.languages import mark, tr
from attnviz.models.registry import get_spec
from attnviz.render.html import render_matrix
from attnviz.render.number_table import style_numbers
from attnviz.render.numerals import format_number
from attnviz.render.phrases import join_sentences
from attnviz.ui.column_lab.lab_state import Trained
from attnviz.ui.language import write_address
from attnviz.ui.layer_section import show_layers
from attnviz.ui.state import get_engine, show_part
from attnviz.values.arrays import FloatArray

_COLUMN_EQUATIONS = (
    ("attention_scores", r"s = W^\top x \qquad (W \text{ is learned})"),
    ("attention_weights", r"a_i = \frac{e^{s_i / T}}{\sum_j e^{s_j / T}}"),
    ("attended_columns", r"p_i = a_i \, x_i"),
    ("hidden", r"h = W_h^\top p + b_h"),
    ("hidden_attention_weights", r"g = \mathrm{softmax}(W_g^\top h)"),
    ("attended_hidden", r"m = g \odot h"),
    ("probability", r"\hat y = \sigma(w^\top m + b)"),
)
_STEP_EQUATIONS = (
    ("hidden_states", r"h_t = \mathrm{LSTM}(x_t, h_{t-1})"),
    ("attention_scores", r"s_t = w_s^\top h_t \qquad (w_s \text{ is learned})"),
    ("attention_weights", r"a_t = \frac{e^{s_t / T}}{\sum_j e^{s_j / T}}"),
    ("attended_steps", r"p_t = a_t \, x_t"),
    ("answer", r"\hat y = w \sum_t p_t + b"),
)
_LEARNED = mark("is learned")
"""The only words in the equations."""

_WORDS = {
    "attention_scores": mark("Scores: how much the network wants to look at each place."),
    "attention_weights": mark("Softmax: the scores become shares that sum to 1; T is the temperature."),
    "attended_columns": mark("Product: each input times its weight is all that goes on."),
    "attended_steps": mark("Product: each number times its weight is all that goes on."),
    "hidden": mark("A hidden layer mixes what came through."),
    "hidden_attention_weights": mark("A second softmax weighs the hidden units."),
    "attended_hidden": mark("Each hidden unit times its weight."),
    "hidden_states": mark("The LSTM reads step by step and remembers what came before."),
    "probability": mark("Output: the probability that the answer is yes."),
    "answer": mark("Output: the number that the network answers."),
}


_TRUTH = {
    ("column", 1): mark("The truth stands in column {first}."),
    ("column", 2): mark("The truth stands in columns {first} and {second}."),
    ("step", 1): mark("The truth stands in step {first}."),
    ("step", 2): mark("The truth stands in steps {first} and {second}."),
}
"""By what the attention chooses from, and how many of these hold the answer."""

_NUMBERS = (mark("input"), mark("score"), mark("weight"), mark("product"))
_OTHERS = (mark("column"), mark("step"), mark("truth"))
"""The headings of the table of places."""


def show_depth(shown: Trained) -> None:
    """Tabs: inside the network, share and export, and of planted answers the published run."""
    titles = [tr("Inside the network"), tr("Share and export"), tr("The published run")]
    inside, away, *published = st.tabs(titles[: _count(shown)])
    with inside:
        show_part(_show_inside, shown)
    with away:
        _show_away(shown)
    if published:
        with published[0]:
            _show_published(shown.result)


def _count(shown: Trained) -> int:
    return 3 if shown.table is None else 2


def _show_inside(shown: Trained) -> None:
    settings = shown.settings
    held_out = settings.validation_size
    st.session_state.inside_sample = min(st.session_state.get("inside_sample", 1), held_out)
    sample = st.number_input(
        tr("Validation sample"),
        1,
        held_out,
        key="inside_sample",
        width=240,
        help=tr("Which of the samples that validate to follow."),
    )
    inside = _inspect(shown, int(sample) - 1)
    if inside is None:
        return
    st.markdown(_describe_sample(settings, inside))
    places = pd.DataFrame(_place_rows(shown, inside))
    digits = dict.fromkeys(map(tr, _NUMBERS), 4)
    st.dataframe(style_numbers(places.rename(columns=tr), digits), hide_index=True)
    equations = _COLUMN_EQUATIONS if get_task(settings.task).network == "columns" else _STEP_EQUATIONS
    for layer, equation in equations:
        _show_step(layer, equation, inside.activations[layer])
    st.markdown(tr("**The learned matrix** behind the attention scores: blue raises a score, orange lowers it."))
    st.html(_matrix(shown, inside.matrix))
    show_layers(inside.layers, tr("The network of this run"))


def _inspect(shown: Trained, sample: int) -> LabInspection | None:
    """The engine's answer, asked once for each run and sample."""
    state, wanted = st.session_state, InspectTask(shown.settings, sample, shown.table)
    if state.get("inside_shown") != wanted:
        try:
            state.inside_answer = get_engine().ask(wanted)
        except AttnvizError as error:
            st.error(str(error))
            return None
        state.inside_shown = wanted
    answer: LabInspection = state.inside_answer
    return answer


def _describe_sample(settings: TaskSettings, inside: LabInspection) -> str:
    place = get_task(settings.task).place
    true = [index for index, is_true in enumerate(inside.truth) if is_true]
    if true:
        truth = tr(_TRUTH[place, len(true)], **dict(zip(("first", "second"), true, strict=False)))
    else:
        truth = tr("Nothing is planted, so no place is known to hold it.")
    right = format_number(inside.y, 0 if inside.y.is_integer() else 4)
    output = format_number(inside.output, 4)
    said = tr("The right answer is **{right}**, the network says **{output}**.", right=right, output=output)
    return join_sentences([said, truth])


def _place_rows(shown: Trained, inside: LabInspection) -> dict[str, Any]:
    task, values = get_task(shown.settings.task), inside.activations
    names = shown.table.columns if shown.table else range(shown.settings.input_dim)
    return {
        task.place: names,
        "truth": ["▲" if true else "" for true in inside.truth],
        "input": inside.x,
        "score": values["attention_scores"],
        "weight": values["attention_weights"],
        "product": values[f"attended_{task.network}"],
    }


def _show_step(layer: str, equation: str, values: FloatArray) -> None:
    left, right = st.columns([2, 3], vertical_alignment="center")
    with left:
        st.markdown(tr(_WORDS[layer]))
        st.latex(equation.replace(_LEARNED, tr(_LEARNED)))
    array = np.atleast_2d(values)
    rows = [tr("step {index}", index=i) for i in range(len(array))] if len(array) > 1 else [""]
    right.html(render_matrix(array.tolist(), rows, signed=not layer.endswith("weights")))


def _matrix(shown: Trained, matrix: FloatArray) -> str:
    if get_task(shown.settings.task).network == "columns":
        names = name_places(shown.settings, shown.table)
        rows, columns = [tr("from {name}", name=name) for name in names], [tr("to {name}", name=name) for name in names]
        return render_matrix(matrix.tolist(), rows, columns)
    return render_matrix(matrix.T.tolist(), [tr("from unit")], [str(i) for i in range(len(matrix))])


def _show_away(shown: Trained) -> None:
    settings, table = shown.settings, shown.table
    values = settings.to_dict()
    script = write_script(values) if table is None else write_table_script(values, table)
    to_run = mark("**The link** to exactly this run.")
    to_settings = mark("**The link** to these settings, without your table.")
    st.markdown(tr(to_run if table is None else to_settings))
    st.code(f"{(st.context.url or '').partition('?')[0]}{write_address(write_link(settings))}", language=None)
    with st.container(horizontal=True):
        for label, file, make in (
            (tr("Data as CSV"), "data.csv", lambda: tabulate_samples(settings, table).to_csv(index=False)),
            (tr("Attention as CSV"), "attention.csv", lambda: shown.result.to_frame().to_csv(index=False)),
            (tr("Script"), "attnviz_run.py", lambda: script),
        ):
            st.download_button(label, make, file, key=f"away_{file}", on_click="ignore")
    figures = tr("Every figure above has its own buttons for SVG and PNG.")
    data = tr("The data are your rows in the order of this run, standardised.")
    st.caption(join_sentences([figures, data]) if table else figures)
    st.markdown(tr("**The script** that repeats this run with the package:"))
    st.code(script, language="python")


def _show_published(result: LabResult) -> None:
    published, history = get_spec("column").published, result.history
    said = tr(
        "The published run of {epochs} epochs, with column 1 of 4 planted, reports accuracy {accuracy}, loss {loss} "
        "and attention {attention}.",
        epochs=published.epochs,
        accuracy=format_number(published.accuracy or 0, 4),
        loss=format_number(published.loss or 0, 4),
        attention=_join(published.attention),
    )
    here = tr(
        "The run above ends with accuracy {accuracy}, loss {loss} and attention {attention}.",
        accuracy=format_number(history["val_accuracy"][-1], 4),
        loss=format_number(history["val_loss"][-1], 4),
        attention=_join(result.attention[-1]),
    )
    st.markdown(join_sentences([said, here]))


def _join(weights: Iterable[float]) -> str:
    return " / ".join(format_number(weight) for weight in weights)
