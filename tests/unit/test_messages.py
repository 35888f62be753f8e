"""What passes between the page and the engine."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attnviz import errors
from attnviz.engine import wire as messages
from attnviz.engine.client import EngineDied
from attnviz.engine.wire import describe_error, read_message, restore_error, write_message

TEXTS = st.text(st.characters())
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(TEXTS, VALUES, max_size=4), max_size=3))
@example([{"text": "\ud800 lone \udfff\n\r\u2028\x00\x85"}, {"text": "😀"}])
def test_messages_arrive_whole_and_one_by_one(sent: list[dict]) -> None:
    stream = io.BytesIO()
    for message in sent:
        write_message(stream, message)
    stream.seek(0)
    assert [read_message(stream) for _ in sent] == sent
    assert read_message(stream) is None


@pytest.mark.parametrize("value", [math.nan, math.inf, np.float32(1), b"bytes", object()])
def test_what_is_no_plain_data_is_refused_before_anything_is_sent(value: object) -> None:
    stream = io.BytesIO()
    with pytest.raises((ValueError, TypeError), match="JSON"):
        write_message(stream, {"args": {"value": value}})
    assert stream.getvalue() == b""


def test_half_a_message_is_the_end() -> None:
    stream = io.BytesIO()
    write_message(stream, {"id": 1})
    assert read_message(io.BytesIO(stream.getvalue()[:-1])) is None


def test_a_message_too_long_to_be_read_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MAX_BYTES", 20)
    stream = io.BytesIO()
    write_message(stream, {"text": "12345678"})
    assert len(stream.getvalue()) == 20
    stream.seek(0)
    assert read_message(stream) == {"text": "12345678"}
    with pytest.raises(errors.SettingError, match="at most 19 bytes, this one has 20"):
        write_message(stream, {"text": "123456789"})


@pytest.mark.parametrize("name", ["SettingError", "CheckpointError", "DataError", "Superseded", "AttnvizError"])
@given(text=st.text())
def test_an_error_arrives_with_its_type_and_message(name: str, text: str) -> None:
    kind = getattr(errors, name)
    restored = restore_error(describe_error(kind(text)))
    assert (type(restored), str(restored)) == (kind, text)


def test_an_unknown_name_arrives_with_the_valid_ones() -> None:
    error = errors.UnknownNameError("method", "lime", ["attention"])
    restored = restore_error(describe_error(error))
    assert (type(restored), str(restored)) == (errors.UnknownNameError, str(error))


@pytest.mark.parametrize(
    ("error", "message"),
    [(KeyError("x"), "KeyError: 'x'"), (ZeroDivisionError("by 0"), "ZeroDivisionError: by 0")],
)
def test_a_fault_of_the_program_arrives_as_an_engine_error_that_names_it(error: Exception, message: str) -> None:
    restored = restore_error(describe_error(error))
    assert (type(restored), str(restored)) == (errors.EngineError, message)


def test_an_error_of_another_module_arrives_as_an_engine_error() -> None:
    assert type(restore_error(describe_error(EngineDied("gone")))) is errors.EngineError
