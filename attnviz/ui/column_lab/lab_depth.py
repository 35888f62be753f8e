"""Below the lab: every step inside the network for one sample, and the run to take away."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from attnviz.engine.protocol import InspectTask
from attnviz.errors import AttnvizError
from attnviz.lab.controls import write_link
from attnviz.lab.lab_report import write_script
from attnviz.lab.lab_results import LabInspection, LabResult, tabulate_samples
from attnviz.lab.tasks import TaskSettings, get_task
from attnviz.models.registry import get_spec
from attnviz.render.html import render_matrix
from attnviz.ui.layer_table import show_layer_table
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


def show_depth(settings: TaskSettings, result: LabResult) -> None:
    """Tabs: inside the network, take it away, the published run."""
    inside, away, published = st.tabs(["Inside the network", "Take it away", "The published run"])
    with inside:
        show_part(_show_inside, settings)
    with away:
        _show_away(settings, result)
    with published:
        _show_published(result)


def _show_inside(settings: TaskSettings) -> None:
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
    inside = _inspect(settings, int(sample) - 1)
    if inside is None:
        return
    st.markdown(_describe_sample(settings, inside))
    places = pd.DataFrame(_place_rows(settings, inside))
    number = st.column_config.NumberColumn(format="%.4f")
    st.dataframe(places, hide_index=True, column_config=dict.fromkeys(("input", "score", "weight", "product"), number))
    equations = _COLUMN_EQUATIONS if get_task(settings.task).network == "columns" else _STEP_EQUATIONS
    for layer, equation in equations:
        _show_step(layer, equation, inside.activations[layer])
    st.markdown("**The learned matrix** behind the attention scores: blue raises a score, orange lowers it.")
    st.html(_matrix(settings, inside.matrix))
    show_layer_table(inside.layers)


def _inspect(settings: TaskSettings, sample: int) -> LabInspection | None:
    """The engine's answer, asked once for each run and sample."""
    state, wanted = st.session_state, (settings, sample)
    if state.get("inside_shown") != wanted:
        try:
            state.inside_answer = get_engine().ask(InspectTask(settings, sample))
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
    truth = (
        f"No place knows the answer; the score compares with {places}."
        if settings.task == "none"
        else f"The truth stands in {places}."
    )
    return f"The right answer is **{inside.y:.4g}**, the network says **{inside.output:.4f}**. {truth}"


def _place_rows(settings: TaskSettings, inside: LabInspection) -> dict[str, Any]:
    task, values = get_task(settings.task), inside.activations
    return {
        task.place: range(settings.input_dim),
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


def _matrix(settings: TaskSettings, matrix: FloatArray) -> str:
    if get_task(settings.task).network == "columns":
        rows = [f"from column {i}" for i in range(settings.input_dim)]
        return render_matrix(matrix.tolist(), rows, [f"to {i}" for i in range(settings.input_dim)])
    return render_matrix(matrix.T.tolist(), ["from unit"], [str(i) for i in range(len(matrix))])


def _show_away(settings: TaskSettings, result: LabResult) -> None:
    script = write_script(settings.to_dict())
    st.markdown("**The link** to exactly this run; the address bar holds it too.")
    st.code(f"{(st.context.url or '').partition('?')[0]}?{urlencode(write_link(settings))}", language=None)
    with st.container(horizontal=True):
        for label, file, make in (
            ("Data as CSV", "data.csv", lambda: tabulate_samples(settings).to_csv(index=False)),
            ("Attention as CSV", "attention.csv", lambda: result.to_frame().to_csv(index=False)),
            ("Script", "attnviz_run.py", lambda: script),
        ):
            st.download_button(label, make, file, key=f"away_{file}", on_click="ignore")
    st.caption("Every figure above has its own buttons for SVG and PNG.")
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
