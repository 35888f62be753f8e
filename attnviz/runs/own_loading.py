"""From the folder of a model that somebody brought to its explainer, in the process that is there for it alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import attnviz.models.attention_layers
import attnviz.models.many_to_one
import attnviz.models.self_attention  # noqa: F401  # the layers of attnviz can be named by a file
from attnviz.backend import keras
from attnviz.errors import ModelFileError
from attnviz.explain.explainer import Explainer
from attnviz.foreign.model_file import check_model_file
from attnviz.foreign.weights_file import check_archived_weights
from attnviz.foreign.wrapping import wrap
from attnviz.languages import tr
from attnviz.runs.own_failures import NOT_BUILT, describe_failure
from attnviz.runs.own_record import OwnModelSettings, find_model_file, find_vocabulary_file


def load_own_model(folder: Path, scratch: Path, settings: OwnModelSettings) -> Explainer:
    """Check the model's file once more, build it, and find out how it reads texts.

    Args:
        folder: of the model. scratch: where its parts may be unpacked.
        settings: how it is read.

    Raises:
        ModelFileError: the file is not what passed the door, or Keras does not give a usable model.
        SettingError: the model cannot be explained with these settings; says why.
    """
    model = _load_model(find_model_file(folder), scratch)
    return wrap(
        model,
        tokenizer=find_vocabulary_file(folder),
        labels=settings.labels or None,
        attention="auto" if settings.attention is None else settings.attention,
        pad=settings.pad,
        length="auto" if settings.length is None else settings.length,
        name=folder.name,
        target=settings.target,
    )


def _load_model(path: Path, scratch: Path) -> keras.Model:
    check_model_file(path)
    if path.suffix == ".keras":
        check_archived_weights(path, scratch)
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises whatever the parts of a file raise
        raise describe_failure(NOT_BUILT, error) from error
    if not isinstance(model, keras.Model):
        raise ModelFileError(tr("The file holds a {kind}, no model.", kind=type(model).__name__))
    for weight in model.weights:
        _check_finite(weight)
    return model


def _check_finite(weight: keras.Variable) -> None:
    values = keras.ops.convert_to_numpy(weight)
    if np.issubdtype(values.dtype, np.floating) and not np.isfinite(values).all():
        raise ModelFileError(
            tr("The weights {name} hold NaN or infinite numbers: its training went wrong.", name=repr(weight.path[:80]))
        )
