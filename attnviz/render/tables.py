"""Explanations of many reviews as a table: one row a review, for the page and as CSV, or one row a token."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, TextIO

from attnviz.render.numerals import format_number
from attnviz.values.explanation import Explanation

STRONGEST = 5
"""How many of a review's words a row names."""

TOKEN_COLUMNS = ("review", "probability", "token", "start", "end", "id", "known", "score")

Row = Mapping[str, Any]


def build_row(explanation: Explanation, label: int | None = None) -> dict[str, Any]:
    """What one explanation says, in one row.

    Args:
        label: the right answer, an index into the labels, None if it is not known.

    Returns:
        text, probability, answer (a label or None), right_answer, right (whether they are the same, None
        if one of them is not known), words (how many were read), unknown, truncated, and strongest: pairs of a word and
        its score, those with the largest absolute scores first.
    """
    answer = explanation.prediction.label
    right_answer = None if label is None else explanation.prediction.labels[label]
    pairs = zip(explanation.tokens, explanation.scores.tolist(), strict=True)
    strongest = sorted(pairs, key=lambda pair: -abs(pair[1]))[:STRONGEST]
    return {
        "text": explanation.text,
        "probability": explanation.probability,
        "answer": answer,
        "right_answer": right_answer,
        "right": None if answer is None or right_answer is None else answer == right_answer,
        "words": len(explanation.tokens),
        "unknown": len(explanation.unknown),
        "truncated": explanation.truncated,
        "strongest": [(token.text, score) for token, score in strongest],
    }


def write_tokens(stream: TextIO, explanations: Iterable[Explanation]) -> None:
    """Many explanations as CSV, one row a token under TOKEN_COLUMNS, each written before the next is asked for.

    The reviews are counted from 1; one without a word to read has no row.
    """
    plain = csv.writer(stream, lineterminator="\n")
    quoted = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
    plain.writerow(TOKEN_COLUMNS)
    for number, explanation in enumerate(explanations, start=1):
        same = repeat(str(number)), repeat(str(explanation.probability))
        columns = zip(*explanation.tokens, strict=True)
        scores = explanation.scores.astype(str).tolist()  # as short as their precision allows
        writer = quoted if "\r" in explanation.text else plain  # before Python 3.13, plain ones leave a \r unquoted
        writer.writerows(zip(*same, *columns, scores, strict=False))


def format_strongest(row: Row) -> str:
    """The strongest words of a row with their scores, e.g. 'great 0.3120, dull 0.0870'."""
    return ", ".join(f"{word} {format_number(score, 4)}" for word, score in row["strongest"])


def render_csv(rows: Sequence[Row]) -> str:
    """Rows as CSV with a header; the strongest words get a column each, and one for each of their scores.

    A cell of text that a spreadsheet would take for a formula, because it begins with = + - or @, gets an apostrophe in
    front: nobody's review should run when the table is opened. Numbers stay as they are.
    """
    plain = [_flatten(row) for row in rows]
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(plain[0]) if plain else ["text"])
    writer.writeheader()
    writer.writerows(plain)
    return stream.getvalue()


def _flatten(row: Row) -> dict[str, Any]:
    flat = {name: guard_cell(value) for name, value in row.items() if name != "strongest"}
    strongest = row["strongest"]
    for number in range(STRONGEST):
        word, score = strongest[number] if number < len(strongest) else ("", "")
        flat |= {f"word_{number + 1}": guard_cell(word), f"score_{number + 1}": score}
    return flat


def guard_cell(value: object) -> object:
    """A cell whose text a spreadsheet shows and does not compute; some skip white space before they look."""
    return f"'{value}" if isinstance(value, str) and value.lstrip().startswith(("=", "+", "-", "@")) else value
