"""The configuration of a stranger's model, object by object: which classes, functions and numbers it may name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from attnviz.errors import ModelFileError
from attnviz.foreign.known_classes import ACTIVATIONS, KERAS, KERAS_HUB, KERAS_NAMES, OWN, PLAIN, REFUSED
from attnviz.languages import mark, tr
from attnviz.render.numerals import format_count

IN_PYTHON = mark(
    "{what} Load it in Python, where its code is at hand, with attnviz.wrap or `attnviz app --model module:function`."
)
MAX_SIZE = 20_000_000
"""The largest whole number among the settings of a layer: no vocabulary is larger."""

_MAX_REPEATS = 100_000
_REPEATS = {"n", "size", "padding", "strides", "dilation_rate", "kernel_size", "pool_size", "num_heads", "target_shape"}
_FREE_NUMBERS = {"seed", "shared_object_id", "salt", "vocabulary", "mask_value", "inbound_nodes", "value"}
_PATHS = {"vocabulary", "idf_weights", "merges", "proto", "filepath", "file_path", "path"}
_FUNCTION_MODULES = {None, "builtins", "keras.activations", "keras.src.activations.activations"}
_OWN_FUNCTION = ("attnviz>tanh_sigmoid", "attnviz.models.attention_layers")
_HUB_MODULE = re.compile(r"keras_hub(\.src)?\.(layers|models|tokenizers)(\.[a-z0-9_]+)*")


def check_config(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Check everything that a configuration names.

    Args:
        config: plain data, of bounded depth and size.

    Returns:
        The names of the classes, in order.

    Raises:
        ModelFileError: it names what is not known, or what is dangerous.
    """
    if "class_name" not in config:
        raise ModelFileError(tr("The configuration names no model: save it again with model.save()."))
    read = {key: value for key, value in config.items() if key != "compile_config"}  # Keras is told to leave it alone
    classes = {_check_object(value) for _, value in walk(read) if isinstance(value, Mapping)}
    for key, value in walk(read):
        _check_value(key, value)
    return tuple(sorted(classes - PLAIN - {"", "function"}))


def walk(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every value in plain data with the key under which it stands; entries of a list stand under the list's."""
    yield key, value
    if isinstance(value, Mapping):
        for name, child in value.items():
            yield from walk(child, str(name))
    elif isinstance(value, list):
        for child in value:
            yield from walk(child, key)


def _check_object(value: Mapping[str, Any]) -> str:
    """The name of the class that a part of the configuration describes, '' if it describes none."""
    if "class_name" not in value:
        return ""
    name, module, registered = (value.get(part) for part in ("class_name", "module", "registered_name"))
    if not isinstance(name, str) or not all(isinstance(part, str | None) for part in (module, registered)):
        raise ModelFileError(tr("The configuration names a class that is no text."))
    if why := REFUSED.get(name):
        raise _refuse(tr(why))
    if name == "function":
        _check_function(value.get("config"), module)
    elif not _is_known(name, module, registered):
        raise _refuse(tr("The model uses {name}, which is no class of Keras.", name=_quote(registered or name)))
    return name


def _is_known(name: str, module: str | None, registered: str | None) -> bool:
    if name in PLAIN:
        return True
    package, _, own_name = (registered or "").rpartition(">")
    if package == "attnviz":
        return own_name in OWN and (module or "attnviz").split(".")[0] == "attnviz"
    if package == "keras_hub":
        return own_name == name and name in KERAS_HUB and bool(_HUB_MODULE.fullmatch(module or ""))
    if package not in ("", "keras") or (own_name and own_name != name):
        return False
    return name in (KERAS.get(module, ()) if module else KERAS_NAMES)


def _check_function(name: Any, module: str | None) -> None:
    if (name, module) != _OWN_FUNCTION and (name not in ACTIVATIONS or module not in _FUNCTION_MODULES):
        raise _refuse(tr("The model names the function {name}, which is no activation.", name=_quote(name)))


def _check_value(key: str, value: Any) -> None:
    if key.endswith("activation") and isinstance(value, str) and value not in ACTIVATIONS:
        raise _refuse(tr("The model names the activation {name}, which Keras lacks.", name=_quote(value)))
    if key in _PATHS and isinstance(value, str) and value:
        raise ModelFileError(
            tr("The model names another file ({name}); its words must be in the file itself.", name=_quote(value))
        )
    if isinstance(value, int) and key not in _FREE_NUMBERS:
        most = _MAX_REPEATS if key in _REPEATS else MAX_SIZE
        if value > most:
            raise ModelFileError(
                tr(
                    "A layer has {name} = {value}; at most {most} is possible.",
                    name=_quote(key),
                    value=format_count(value),
                    most=format_count(most),
                )
            )


def _refuse(what: str) -> ModelFileError:
    """The error for what only its maker's Python can load."""
    return ModelFileError(tr(IN_PYTHON, what=what))


def _quote(value: Any) -> str:
    return repr(str(value)[:60])
