"""What the code calls to have a message in the reader's language, now or whenever it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any

from attnviz.languages.catalogue import find_catalogue
from attnviz.languages.choice import SOURCE, get_language, using_language
from attnviz.languages.conventions import get_conventions

DEEPEST = 12
"""How far messages lie in each other at most."""


class Message(str):
    """A message that is kept, in a file or on a card, and told later in the language of whoever reads it.

    To everything else it is its English text; `tr` tells it.

    Attributes:
        form: the message as the catalogue has it, its values as `{names}`.
        values: what fills it: numbers, names that others gave, and messages, which are told in the same language. One
            called `subject` begins the sentence, and one called `share` is a fraction that is told in per cent.
    """

    __slots__ = ("form", "values")

    form: str
    values: Mapping[str, object]

    def __new__(cls, form: str, values: Mapping[str, object] | None = None) -> Message:
        """The message of a form of the catalogue and what fills it."""
        with using_language(SOURCE):  # its numbers
            message = super().__new__(cls, _compose(form, values or {}, str))
        message.form, message.values = form, values or {}
        return message

    def __getnewargs__(self) -> tuple[Any, ...]:  # what it is copied by
        return self.form, self.values


def mark(message: str) -> str:
    """The message as it is, which the catalogue is to hold: `tr` is called where it is shown."""
    return message


def keep(message: str, /, **values: object) -> Message:
    """The message with its `{names}` filled, to be told whenever it is read; a kept one stays as it is."""
    return message if isinstance(message, Message) else Message(message, values)


def tr(message: str, /, **values: object) -> str:
    """The message in the reader's language, its `{names}` filled with the values."""
    if isinstance(message, Message):
        return _compose(message.form, message.values, tr)
    return _fill(_translate(message), values)


def tr_n(one: str, many: str, count: float, /, **values: object) -> str:
    """The form of a message that goes with a count in the reader's language.

    Args:
        one, many: the English forms; a catalogue has as many as its language needs.
        count: what decides; what is to be shown of it is one of the values.
    """
    number = int(count) if count == int(count) else 2  # 2.5 takes the form of 2: "слова" in Russian, "words" in English
    return _fill(find_catalogue(get_language()).ngettext(one, many, number), values)


def write_kept(message: Message) -> Any:
    """A kept message as plain data: its form and its values, or its form alone if it holds nothing."""
    return _write_value(message) if message.values else message.form


def read_kept(data: Any, depth: int = DEEPEST) -> Message:
    """The inverse of `write_kept`, for data from anywhere.

    Args:
        data: what was read.
        depth: how far messages may lie in each other.

    Raises:
        ValueError: they are no message; a form does more than name its values.
    """
    if isinstance(data, str):
        return Message(data)
    if not isinstance(data, Mapping) or data.keys() != {"form", "values"} or not isinstance(data["values"], Mapping):
        raise ValueError("a message is a text, or has `form` and `values`")
    form, values = data["form"], {str(name): _read_value(value, depth) for name, value in data["values"].items()}
    if not isinstance(form, str) or not _names_only(form, values):
        raise ValueError("the form of a message holds the names of its values, each once, and nothing else in braces")
    return Message(form, values)


def _write_value(value: object) -> Any:
    """A message inside another one is never its form alone: that is how it differs from a name."""
    if not isinstance(value, Message):
        return value
    return {"form": value.form, "values": {name: _write_value(held) for name, held in value.values.items()}}


def _read_value(value: Any, depth: int) -> object:
    if isinstance(value, Mapping) and depth > 0:
        return read_kept(value, depth - 1)
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return value
    raise ValueError("a message holds texts, numbers and, not too deep, messages")


def _names_only(form: str, values: Mapping[str, object]) -> bool:
    """Whether a form names values, each once, and does nothing else: no attributes, no widths, no text that doubles."""
    fields = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(form) if name is not None]
    plain = all(
        name.isidentifier() and name in values and not spec and not conversion for name, spec, conversion in fields
    )
    return plain and len({name for name, _, _ in fields}) == len(fields)


def _compose(form: str, values: Mapping[str, object], tell: Callable[[str], str]) -> str:
    """A kept message with what fills it, each told that way."""
    return _fill(tell(form), {name: _tell_value(name, value, tell) for name, value in values.items()})


def _tell_value(name: str, value: object, tell: Callable[[str], str]) -> str:
    if isinstance(value, Message):
        told = tell(value)
        return f"{told[:1].upper()}{told[1:]}" if name == "subject" else told
    if isinstance(value, (int, float)):
        return _write_number(100 * value, ".2f", get_conventions().percent) if name == "share" else _write_number(value)
    return str(value)


def _write_number(value: float, form: str = "", unit: str = "") -> str:
    marks = get_conventions()
    written = format(value, form or ("," if isinstance(value, int) else "g"))
    return written.translate({ord(","): marks.group, ord("."): marks.decimal}) + unit


def _translate(message: str) -> str:
    return find_catalogue(get_language()).gettext(message) if message else ""  # gettext answers '' with its own head


def _fill(message: str, values: Mapping[str, object]) -> str:
    return message.format(**values) if values else message
