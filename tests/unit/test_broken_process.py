"""A process that answers what is no message, as one might in which a stranger's model has taken over."""

from __future__ import annotations

import sys

import pytest

from attnviz import errors
from attnviz.engine.client import Engine
from attnviz.engine.protocol import Explain
from attnviz.engine.wire import restore_error
from attnviz.errors import EngineError

ASKED = Explain("a", "a text", "attention")
ANSWERS = [
    "nonsense",
    "[1]",
    '{"id": 1}',
    '{"no": "id"}',
    '{"id": 1, "error": {"type": "Iterable"}}',
    '{"id": [], "result": 1}',
    "[" * 100_000,
]


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
def test_a_process_that_sends_no_messages_is_ended(answer: str) -> None:
    program = f"import sys; sys.stdin.readline(); print({answer!r}, flush=True); sys.stdin.read()"
    engine = Engine((sys.executable, "-c", program), restarts=0)
    try:
        with pytest.raises(EngineError):
            engine.ask(ASKED, timeout=30)
        assert engine.state == "down"
    finally:
        engine.close()


def test_an_answer_of_another_kind_is_an_error_of_the_engine() -> None:
    program = 'import sys; sys.stdin.readline(); print(\'{"id": 1, "result": 3}\', flush=True); sys.stdin.read()'
    engine = Engine((sys.executable, "-c", program), restarts=0)
    try:
        with pytest.raises(EngineError, match="answer to Explain"):
            engine.ask(ASKED, timeout=30)
    finally:
        engine.close()


@pytest.mark.parametrize("kind", ["Iterable", "annotations", "nonsense", "__builtins__"])
def test_an_error_of_an_unknown_kind_is_one_of_the_engine(kind: str) -> None:
    assert type(restore_error({"type": kind, "message": "a"})) is errors.EngineError


def test_an_error_keeps_its_kind() -> None:
    assert type(restore_error({"type": "ModelFileError", "message": "a"})) is errors.ModelFileError
