"""A model that a function of the user's own code makes; the user trusts it as he trusts his code."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib import import_module
from typing import Any

from attnviz.backend import keras
from attnviz.errors import AttnvizError, SettingError
from attnviz.explain.explainer import Explainer
from attnviz.foreign.wrapping import wrap
from attnviz.values.model_card import ModelCard


def load_factory(function: str, folder: str) -> Explainer:
    """The explainer that the function makes.

    Args:
        function: 'module:function', without arguments; it returns an Explainer (of `attnviz.wrap`), or a Keras model
            that takes texts.
        folder: where its module is looked for first.

    Raises:
        SettingError: there is no such function, or it fails, or it returns something else; in one line.
    """
    made = _call(function, folder)
    if isinstance(made, keras.Model):
        return wrap(made)
    if not isinstance(made, Explainer):
        kind = type(made).__name__
        raise SettingError(f"{function} returns a {kind}; it has to return a Keras model or what attnviz.wrap gives.")
    return made


def get_factory_card(explainer: Explainer) -> ModelCard:
    """Its card as the library lists it: under the name by which its explanations call it."""
    return replace(explainer.card, name=explainer.name, origin="yours")


def _call(function: str, folder: str) -> Any:
    module, _, name = function.partition(":")
    if not module or not name:
        raise SettingError(f"{function!r} names no function: write module:function, such as my_model:build.")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        return getattr(import_module(module), name)()
    except AttnvizError:
        raise
    except Exception as error:  # whatever their code raises
        raise SettingError(f"{function} fails with {type(error).__name__}: {error}") from error
