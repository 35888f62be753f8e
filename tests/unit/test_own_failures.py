"""What is said where a brought model fails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnviz.runs.own_failures import MAX_WORDS, NOT_BUILT, describe_failure


class ResourceExhaustedError(Exception):
    """As TensorFlow names it."""


@pytest.mark.parametrize("error", [MemoryError(), ResourceExhaustedError("OOM when allocating 20 GB")])
def test_memory_is_said_as_such(error: Exception) -> None:
    assert str(describe_failure(NOT_BUILT, error)).endswith("more memory than a brought model may take.")


def test_only_the_first_line_is_told() -> None:
    error = ValueError("Graph execution error:\n\nFile /home/somebody/secret.py")
    assert str(describe_failure("It fails", error)) == "It fails (ValueError: Graph execution error)."


@given(st.text())
def test_whatever_is_raised_is_one_sentence(text: str) -> None:
    said = str(describe_failure("It fails", ValueError(text)))
    assert said.startswith("It fails (ValueError: ")
    assert said.endswith(").")
    assert len(said) <= MAX_WORDS + 40
    assert len(said.splitlines()) == 1
