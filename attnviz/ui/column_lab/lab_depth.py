"""Below the lab: every step inside the network for one sample, and the run to take away."""

from __future__ import annotations

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
from attnviz.models.registry import get_spec
from attnviz.render.html import render_matrix
from attnviz.render.number_table import style_numbers
from attnviz.render.numerals import format_number
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
_WORDS = {
    "attention_scores": "Scores: how much the network wants to look at each place.",
    "attention_weights": "Softmax: the scores become shares that sum to 1; T is the temperature.",
    "attended_columns": "Product: each input times its weight is all that goes on.",
    "attended_steps": "Product: each number times its weight is all that goes on.",
    "hidden": "A hidden layer mixes what came through.",
    "hidden_attention_weights": "A second softmax weighs the hidden units.",
    "attended_hidden": "Each hidden unit times its weight.",
    "hidden_states": "The LSTM reads step by step and remembers what came before.",
    "probability": "Output: the probability that the answer is yes.",
    "answer": "Output: the number that the network answers.",
}


def show_depth(shown: Trained) -> None:
    """Tabs: inside the network, share and export, and of planted answers the published run."""
    inside, away, *published = st.tabs(["Inside the network", "Share and export", "The published run"][: _count(shown)])
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
        "Validation sample",
        1,
        held_out,
        key="inside_sample",
        width=240,
        help="Which of the samples that validate to follow.",
    )
    inside = _inspect(shown, int(sample) - 1)
    if inside is None:
        return
    st.markdown(_describe_sample(settings, inside))
    places = pd.DataFrame(_place_rows(shown, inside))
    digits = dict.fromkeys({"input", "score", "weight", "product"} & {*places.columns}, 4)
    st.dataframe(style_numbers(places, digits), hide_index=True)
    equations = _COLUMN_EQUATIONS if get_task(settings.task).network == "columns" else _STEP_EQUATIONS
    for layer, equation in equations:
        _show_step(layer, equation, inside.activations[layer])
    st.markdown("**The learned matrix** behind the attention scores: blue raises a score, orange lowers it.")
    st.html(_matrix(shown, inside.matrix))
    show_layers(inside.layers, "The network of this run")


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
    true = [str(index) for index, is_true in enumerate(inside.truth) if is_true]
    places = f"{place} {true[0]}" if len(true) == 1 else f"{place}s {' and '.join(true)}"
    truth = f"The truth stands in {places}." if true else "Nothing is planted, so no place is known to hold it."
    right = format_number(inside.y, 0 if inside.y.is_integer() else 4)
    return f"The right answer is **{right}**, the network says **{format_number(inside.output, 4)}**. {truth}"


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
        st.markdown(_WORDS[layer])
        st.latex(equation)
    array = np.atleast_2d(values)
    rows = [f"step {i}" for i in range(len(array))] if len(array) > 1 else [""]
    right.html(render_matrix(array.tolist(), rows, signed=not layer.endswith("weights")))


def _matrix(shown: Trained, matrix: FloatArray) -> str:
    if get_task(shown.settings.task).network == "columns":
        names = name_places(shown.settings, shown.table)
        return render_matrix(matrix.tolist(), [f"from {name}" for name in names], [f"to {name}" for name in names])
    return render_matrix(matrix.T.tolist(), ["from unit"], [str(i) for i in range(len(matrix))])


def _show_away(shown: Trained) -> None:
    settings, table = shown.settings, shown.table
    values = settings.to_dict()
    script = write_script(values) if table is None else write_table_script(values, table)
    st.markdown(f"**The link** to {'exactly this run' if table is None else 'these settings, without your table'}.")
    st.code(f"{(st.context.url or '').partition('?')[0]}{write_address(write_link(settings))}", language=None)
    with st.container(horizontal=True):
        for label, file, make in (
            ("Data as CSV", "data.csv", lambda: tabulate_samples(settings, table).to_csv(index=False)),
            ("Attention as CSV", "attention.csv", lambda: shown.result.to_frame().to_csv(index=False)),
            ("Script", "attnviz_run.py", lambda: script),
        ):
            st.download_button(label, make, file, key=f"away_{file}", on_click="ignore")
    st.caption(
        "Every figure above has its own buttons for SVG and PNG."
        + (" The data are your rows in the order of this run, standardised." if table else "")
    )
    st.markdown("**The script** that repeats this run with the package:")
    st.code(script, language="python")


def _show_published(result: LabResult) -> None:
    published = get_spec("column").published
    st.markdown(
        f"The published run of {published.epochs} epochs, with column 1 of 4 planted, reports accuracy "
        f"{published.accuracy:.4f}, loss {published.loss} and attention {' / '.join(map(str, published.attention))}. "
        f"The run above ends with accuracy {result.history['val_accuracy'][-1]:.4f}, loss "
        f"{result.history['val_loss'][-1]:.4f} and attention "
        f"{' / '.join(f'{weight:.3f}' for weight in result.attention[-1])}."
    )
