"""What files, folders and titles of models that people bring are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from pathlib import PurePath

from attnviz.errors import ModelFileError, SettingError
from attnviz.languages import mark, tr
from attnviz.models.registry import MODELS
from attnviz.runs.own_record import MAX_TITLE, MODEL_ENDINGS, VOCABULARY_ENDINGS

_ENDINGS = {"model": MODEL_ENDINGS, "vocabulary": VOCABULARY_ENDINGS}
_ALIASES = {".hdf5": ".h5", ".vocab": ".txt"}
_WHAT = {
    "model": mark("a model's file ends in .keras or .h5"),
    "vocabulary": mark("a file of words ends in .txt or .json"),
}
_MAX_NAME = 40


def make_file_name(part: str, file_name: str) -> str:
    """What the file is called in the folder: 'model' or 'vocabulary' with the ending that it has.

    Raises:
        ModelFileError: it ends in something else.
    """
    ending = "." + file_name.lower().rpartition(".")[2]
    ending = _ALIASES.get(ending, ending)
    if ending not in _ENDINGS[part]:
        raise ModelFileError(tr("{name} is not read: {why}.", name=repr(PurePath(file_name).name), why=tr(_WHAT[part])))
    return part + ending


def make_title(text: str) -> str:
    """A title from a file's name or from what was typed: one line of characters that can be seen.

    Raises:
        SettingError: nothing is left of it.
    """
    name = re.sub(r"\.(keras|h5|hdf5)$", "", text, flags=re.IGNORECASE)
    seen = "".join(sign if sign.isprintable() else " " for sign in name)
    title = " ".join(seen.split())[:MAX_TITLE].strip()
    if not title:
        raise SettingError(tr("A model needs a title."))
    return title


def make_model_name(title: str, taken: Container[str]) -> str:
    """A folder's name made of a title: letters and digits that any link can hold, with a number if it is taken."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MAX_NAME].strip("-") or "my-model"
    name, number = base, 2
    while name in taken or name in MODELS:
        name, number = f"{base}-{number}", number + 1
    return name
