"""How a classifier reads texts: which words it sees, and in what rows of ids they come to the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from attnviz.errors import SettingError
from attnviz.explain.arranging import Arranged, Row, pad_left, pad_right
from attnviz.languages import tr
from attnviz.render.numerals import format_count
from attnviz.text.vocabulary import Tokens, Vocabulary
from attnviz.text.words import MAX_CHARACTERS
from attnviz.values.tokens import Token


class Encoded(NamedTuple):
    """A text as a classifier reads it.

    Attributes:
        tokens: the words that it reads, in order.
        inputs: their ids, a row of len(tokens) words.
        truncated: how many words before them it does not read.
        truncated_end: how many words behind them it does not read.
    """

    tokens: Sequence[Token]
    inputs: Row
    truncated: int
    truncated_end: int = 0


class TextReader(Protocol):
    """What makes rows of ids of texts, as the model was trained to read them."""

    @property
    def steps(self) -> int | None:
        """The most steps that the model reads; None for any number."""

    def encode(self, text: str) -> Encoded:
        """The words of a text that are read.

        Raises:
            SettingError: not a text, or one of more than MAX_CHARACTERS characters; see `check_text`.
        """

    def arrange(self, rows: Sequence[Row], steps: int | None = None) -> Arranged:
        """Rows of the same number of steps, at least one, with padding and special steps.

        Args:
            rows: some words of texts that were encoded, maybe none.
            steps: pad to that many, special steps included; by default to the model's own fixed number, or else to the
                longest row.
        """


class VocabularyReader:
    """Reads as the networks of the table do: attnviz' words, one id each, padded on the right with 0.

    Args:
        vocabulary: the words that are known.
        steps: how many last words of a text are read.

    Raises:
        SettingError: less than one step.
    """

    def __init__(self, vocabulary: Vocabulary, steps: int) -> None:
        if steps < 1:
            raise SettingError(f"A classifier must read at least one word, got steps={steps}.")
        self.vocabulary, self.steps = vocabulary, steps

    def encode(self, text: str) -> Encoded:
        """The last `steps` words of a text.

        Raises:
            SettingError: as `check_text`.
        """
        words = self.vocabulary.encode(check_text(text))
        read = words[-self.steps :]
        return Encoded(Tokens(text, read, self.vocabulary.unit), read, len(words) - len(read))

    def arrange(self, rows: Sequence[Row], steps: int | None = None) -> Arranged:
        """Padded on the right with 0."""
        return pad_right(rows, steps)


class PaddedReader:
    """Reads as the networks of the tutorials do: attnviz' words, always as many steps, padded on the left with 0.

    Args:
        vocabulary, steps: as in VocabularyReader.
    """

    def __init__(self, vocabulary: Vocabulary, steps: int) -> None:
        self._reader, self.steps = VocabularyReader(vocabulary, steps), steps

    def encode(self, text: str) -> Encoded:
        """The last `steps` words of a text.

        Raises:
            SettingError: as `check_text`.
        """
        return self._reader.encode(text)

    def arrange(self, rows: Sequence[Row], steps: int | None = None) -> Arranged:
        """Padded on the left with 0, to the steps of the network whatever is asked for."""
        return pad_left(rows, self.steps)


def check_text(text: object) -> str:
    """The text.

    Raises:
        SettingError: not a text, or one of more than MAX_CHARACTERS characters.
    """
    if not isinstance(text, str):
        raise SettingError(tr("A text to explain must be a str, got {kind}.", kind=type(text).__name__))
    if len(text) > MAX_CHARACTERS:
        raise SettingError(
            tr(
                "A text may have at most {most} characters, this one has {n}.",
                most=format_count(MAX_CHARACTERS),
                n=format_count(len(text)),
            )
        )
    return text
