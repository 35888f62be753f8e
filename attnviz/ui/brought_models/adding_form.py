"""The form of 'Add a model': the files, the names of the classes, and how texts are read."""

from __future__ import annotations

from typing import Any

import streamlit as st

from attnviz.engine.adding import Adding, Upload
from attnviz.errors import SettingError
from attnviz.foreign.limits import MAX_MODEL_BYTES, MAX_VOCABULARY_BYTES
from attnviz.languages import mark, tr
from attnviz.render.labels import name_label
from attnviz.render.markdown import escape_markdown
from attnviz.runs.own_record import MAX_STEPS, OwnModelSettings
from attnviz.text.class_names import parse_class_names
from attnviz.ui.select import select
from attnviz.ui.state import get_engine
from attnviz.values.prediction import SENTIMENT

PADDINGS = {"auto": mark("find out"), "left": mark("in front of the text"), "right": mark("behind the text")}

_MODEL_HELP = mark(
    "A text classifier saved by Keras 3 with model.save. Layers with code of their own can't be opened from a file: "
    "wrap such a model in Python with attnviz.wrap, or start `attnviz app --model module:function`."
)
_WORDS_HELP = mark(
    "Not needed if a TextVectorization layer is inside the model. Else the tokenizer's to_json(), a word index as "
    "JSON, a tokenizer.json, or a text file with one word a line, in the order of their numbers."
)
_NAMES_HELP = mark("In the order of the model's outputs: one a line, or with commas. Empty for ‘class 0’ and so on.")
_PADDING_HELP = mark(
    "Where shorter texts were filled up in training; pad_sequences does so in front unless told otherwise."
)
_LENGTH_HELP = mark("How many words the model reads; leave it empty to find out.")


def show_form(revision: int, error: str) -> Adding | None:
    """The empty form; a model that is being added once it was sent.

    Args:
        revision: another one empties the form.
        error: why the last file was not taken; '' if it was.
    """
    with st.form(f"add_model_{revision}", border=False, enter_to_submit=False):
        left, right = st.columns(2)
        model = left.file_uploader(
            tr("Model file"),
            ["keras", "h5"],
            max_upload_size=MAX_MODEL_BYTES // 1_000_000,
            key=f"model_file_{revision}",
            help=tr(_MODEL_HELP),
        )
        words = right.file_uploader(
            tr("Vocabulary file"),
            ["json", "txt"],
            max_upload_size=MAX_VOCABULARY_BYTES // 1_000_000,
            key=f"vocabulary_file_{revision}",
            help=tr(_WORDS_HELP),
        )
        asked = show_settings(None, f"add_{revision}")
        sent = st.form_submit_button(tr("Check this model"), type="primary", key=f"check_model_{revision}")
    if error:
        st.error(escape_markdown(error))
    return _start(model, words, asked) if sent else None


def show_settings(settings: OwnModelSettings | None, key: str) -> dict[str, Any]:
    """The widgets that say how a model is read, and what they say.

    Args:
        settings: as they are; None for nothing said.
        key: of the widgets.
    """
    left, right = st.columns(2)
    names = left.text_area(
        tr("Class names"),
        "\n".join(settings.labels) if settings else "",
        height=110,
        placeholder="\n".join(map(name_label, SENTIMENT)),
        key=f"{key}_names",
        help=tr(_NAMES_HELP),
    )
    pads = list(PADDINGS)
    pad = select(
        tr("Padding"),
        pads,
        lambda name: tr(PADDINGS[name]),
        within=right,
        index=pads.index(settings.pad) if settings else 0,
        key=f"{key}_pad",
        help=tr(_PADDING_HELP),
    )
    length = right.number_input(
        tr("Length"),
        1,
        MAX_STEPS,
        settings.length if settings else None,
        placeholder=tr("find out"),
        key=f"{key}_length",
        help=tr(_LENGTH_HELP),
    )
    return {"names": names, "pad": pad, "length": length}


def build_settings(
    asked: dict[str, Any], title: str = "", attention: tuple[str, ...] | None = None
) -> OwnModelSettings:
    """The settings that the widgets say.

    Raises:
        SettingError: the names of the classes are none.
    """
    return OwnModelSettings(title, parse_class_names(asked["names"]), asked["pad"], asked["length"], attention)


def _start(model: Any, words: Any, asked: dict[str, Any]) -> Adding | None:
    """Begin, if a file was chosen and the names of the classes can be read."""
    if model is None:
        st.error(tr("Choose a model file first."))
        return None
    try:
        settings = build_settings(asked)
    except SettingError as error:
        st.error(escape_markdown(str(error)))
        return None
    vocabulary = Upload(words.name, words.getvalue()) if words else None
    return Adding(Upload(model.name, model.getvalue()), vocabulary, settings, get_engine())
