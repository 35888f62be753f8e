"""Values as plain data (dicts, lists, texts, numbers), and back: the one door for whatever comes from outside.

Types are those that the dataclasses and named tuples declare. Reading checks every one of them, so that a message of
the engine, a file of a checkpoint or what a browser sends is either a whole value or a SettingError that says what is
wrong where.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, get_origin

import msgspec
import numpy as np

from attnviz.errors import SettingError
from attnviz.languages import Message, tr
from attnviz.languages.messages import read_kept, write_kept

Value = TypeVar("Value")


def to_plain(value: Any) -> Any:
    """Plain data of a value; arrays become lists, in full precision."""
    return msgspec.to_builtins(value, enc_hook=_write)


def from_plain(kind: type[Value], data: Any, what: str = "value") -> Value:
    """The value of that type; the inverse of `to_plain`, also after a journey as JSON.

    Args:
        kind: a dataclass, a named tuple, or any type that they may hold.
        what: what the error calls it.

    Raises:
        SettingError: the data are something else; says where.
    """
    try:
        return msgspec.convert(data, kind, dec_hook=_read)
    except (msgspec.ValidationError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise SettingError(tr("This is no {what}: {reason}", what=tr(what), reason=error)) from error


def _write(value: Any) -> Any:
    if isinstance(value, Message):
        return write_kept(value)
    if isinstance(value, Sequence):
        return list(value)
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise NotImplementedError(f"{type(value).__name__} is no plain data")


def _read(kind: Any, data: Any) -> Any:
    if np.ndarray in (kind, get_origin(kind)):
        return np.array(data)
    if kind is Message:
        return read_kept(data)
    raise NotImplementedError(f"{kind} can't be read")
