"""Texts as somebody's model reads them: its words, cut and padded as the model was trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from attnviz.explain.arranging import NO_WORD, Arranged, Row, WordSteps, get_ids, get_places
from attnviz.explain.text_reader import Encoded, check_text
from attnviz.foreign.tokenizing import Ending, ReadWord, Side, Tokenization
from attnviz.training.batches import Ids
from attnviz.values.tokens import Token


class Layout(NamedTuple):
    """How rows of ids come to a model.

    Attributes:
        side: where padding goes.
        steps: the most steps that are read, special ones included; None for any number.
        fixed: whether every row is padded to `steps`.
        least: how many steps a row has at least.
        cut: which end of a text that is too long is not read.
    """

    side: Side = "right"
    steps: int | None = None
    fixed: bool = False
    least: int = 1
    cut: Ending = "end"


class TokenReader:
    """A TextReader of any tokenization.

    Args:
        tokenization: how texts become ids.
        layout: how the ids come to the model.
    """

    def __init__(self, tokenization: Tokenization, layout: Layout) -> None:
        self.tokenization, self.layout = tokenization, layout

    @property
    def steps(self) -> int | None:
        """The most steps that the model reads; None for any number."""
        return self.layout.steps

    def encode(self, text: str) -> Encoded:
        """The words that fit; of a word in pieces at the edge, those pieces that do.

        Raises:
            SettingError: as `check_text`, or the tokenizer cannot read this text.
        """
        words = list(self.tokenization.split(check_text(text)))
        read, before, after = self._cut(words)
        tokens = tuple(Token(*word[:3], word.ids[0] if word.ids else -1, word.known) for word in read)
        return Encoded(tokens, self._as_row(read), before, after)

    def arrange(self, rows: Sequence[Row], steps: int | None = None) -> Arranged:
        """Rows of the same number of steps, with padding and special steps."""
        found = [self._surround(row) for row in rows]
        width = self._find_width(max((len(ids) for ids, _ in found), default=0), steps)
        ids = np.full((len(rows), width), self.tokenization.padding, np.int32)
        places = np.full((len(rows), width), NO_WORD, np.int32)
        for row, (own_ids, own_places) in enumerate(found):
            at = slice(width - len(own_ids), width) if self.layout.side == "left" else slice(0, len(own_ids))
            ids[row, at], places[row, at] = own_ids, own_places
        return Arranged(ids, places)

    @property
    def _room(self) -> int | None:
        """How many steps a text may have; a start that is cut away with the text's takes no room."""
        if self.layout.steps is None:
            return None
        tokenization = self.tokenization
        before = len(tokenization.before) if tokenization.keeps_before else 0
        return max(1, self.layout.steps - before - len(tokenization.after))

    def _cut(self, words: list[ReadWord]) -> tuple[list[ReadWord], int, int]:
        """The words that fit, and how many before and after them do not."""
        room = self._room
        if room is None or sum(len(word.ids) for word in words) <= room:
            return words, 0, 0
        if self.layout.cut == "end":
            read = _take(words, room, last=False)
            return read, 0, len(words) - len(read)
        read = _take(words[::-1], room, last=True)[::-1]
        return read, len(words) - len(read), 0

    def _as_row(self, words: Sequence[ReadWord]) -> Row:
        if self.tokenization.whole:
            return np.array([word.ids[0] for word in words], np.int32)
        starts = np.concatenate([[0], np.cumsum([len(word.ids) for word in words])])
        return WordSteps(np.array([id for word in words for id in word.ids], np.int32), starts)

    def _surround(self, row: Row) -> tuple[Ids, Ids]:
        """The ids of a row with the special ones, and the word of each."""
        before, after = self.tokenization.before, self.tokenization.after
        ids = np.concatenate([before, get_ids(row), after]).astype(np.int32)
        places = np.concatenate([[NO_WORD] * len(before), get_places(row), [NO_WORD] * len(after)]).astype(np.int32)
        extra = max(0, len(ids) - self.layout.steps) if self.layout.steps else 0
        return ids[extra:], places[extra:]

    def _find_width(self, longest: int, steps: int | None) -> int:
        if self.layout.fixed and self.layout.steps:
            return self.layout.steps
        return max(self.layout.least, longest, steps or 0)


def _take(words: Sequence[ReadWord], room: int, *, last: bool) -> list[ReadWord]:
    """The first of the words whose pieces fit into the room; of the one at the edge its last or first pieces."""
    taken: list[ReadWord] = []
    for word in words:
        if room <= 0:
            break
        ids = word.ids[-room:] if last else word.ids[:room]
        taken.append(word._replace(ids=ids))
        room -= len(ids)
    return taken
