"""Plausibility beside faithfulness: do a method's highest words persuade people, and did the network use them?

The two are measured on the same texts, beside random scores and beside the last words of a text, which know nothing of
any network. Source: DeYoung et al. 2020, 'ERASER', arXiv:1911.03429.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from attnviz.errors import DataError, SettingError
from attnviz.evidence.corpus_methods import choose_methods
from attnviz.evidence.corpus_scores import build_scorers
from attnviz.evidence.marking_study import LAST_WORDS, RANDOM
from attnviz.evidence.plausibility import Marks, measure_chance, measure_overlap, score_places
from attnviz.evidence.rationales import Rationale, read_rationales
from attnviz.evidence.resampling import estimate_mean
from attnviz.evidence.results_folder import write_text
from attnviz.evidence.table_text import format_table
from attnviz.explain.attribution import find_answers
from attnviz.explain.explainer import Explainer
from attnviz.explain.measures import measure_erasure, order_words
from attnviz.explain.text_reader import Encoded
from attnviz.render.numerals import format_percent
from attnviz.runs.loading import load
from attnviz.values.arrays import FloatArray
from attnviz.values.corpus_measures import Row
from attnviz.values.plain import to_plain

if TYPE_CHECKING:
    import pandas as pd

_AT_ONCE = 64
_MEASURES = (
    ("plausibility", "AUPRC"),
    ("plausibility", "F1 of the k highest, k are marked"),
    ("plausibility", "IoU"),
    ("erasure", "comprehensiveness"),
    ("erasure", "sufficiency"),
)

Values = Mapping[str, Sequence[float]]
"""Of a text: by method and baseline a value for each of _MEASURES."""


class _Marked(NamedTuple):
    """A text as the network reads it, and which of its words people marked (words,)."""

    encoded: Encoded
    marks: Marks


@dataclass(frozen=True)
class RationaleStudy:
    """What was measured.

    Attributes:
        rows: each measure of each method and baseline, with its interval and n.
        record: the network, the file, the settings.
        skipped: texts of which the network reads no marked word, or nothing but marked words: nothing is to be found.
        unread: the share of the marked words of all other texts that stand outside of what the network reads.
    """

    rows: tuple[Row, ...]
    record: Mapping[str, Any]
    skipped: int
    unread: float

    def to_frame(self) -> pd.DataFrame:
        """A row a measure."""
        import pandas as pd

        return pd.DataFrame([row.to_dict() for row in self.rows])

    def to_text(self) -> str:
        """For a terminal."""
        return f"{format_table(self.rows, self.record)}\n{self._describe_rest()}"

    def write(self, folder: Path) -> None:
        """Write `table.csv` and `rationales.json`: the rows, the record, what was left out.

        Raises:
            DataError: the folder cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_text(folder / "table.csv", self.to_frame().to_csv(index=False))
            write_text(folder / "rationales.json", json.dumps(to_plain(self), allow_nan=False, indent=2) + "\n")
        except OSError as error:
            raise DataError(f"The folder {folder} cannot be written ({error.strerror}).") from error

    def _describe_rest(self) -> str:
        return (
            f"Left out: {self.skipped:,} texts of which no word or every word that the network reads is marked. "
            f"Of the marked words of the others {format_percent(self.unread)} stand outside of what the network reads."
        )


def measure_rationales(
    network: str | Path | Explainer,
    rationales: str | Path,
    *,
    texts: int | None = None,
    methods: Sequence[str] | None = None,
    without: Sequence[str] = (),
    seed: int = 0,
) -> RationaleStudy:
    """How far each method of a network names the words that people gave as reasons, and whether the network used them.

    Args:
        network: the name or folder of a checkpoint, or an explainer.
        rationales: a file or folder, see `rationales`.
        texts: how many are drawn; by default all.
        methods, without: as for `measure_evidence`.
        seed: of what is drawn at random.

    Raises:
        UnknownNameError, CheckpointError: of the network or of a method.
        DataError: the rationales cannot be read, or not one of them can be measured. SettingError: texts below 1.
    """
    given = read_rationales(Path(rationales))
    chosen = _draw(given, texts, seed)
    explainer = network if isinstance(network, Explainer) else load(network)
    names = choose_methods(explainer.methods, methods, without)
    marked = [_find_marks(explainer, one) for one in chosen]
    usable = [one for one in marked if 0 < one.marks.sum() < len(one.marks)]
    if not usable:
        raise DataError(f"{Path(rationales).name}: {explainer.name} reads a marked and an unmarked word of no text.")
    values = [value for part in _split(usable) for value in _measure(explainer, part, names, seed)]
    record = {
        "network": {"name": explainer.name},
        "n": len(values),
        "data": {"name": Path(rationales).name, "texts": len(given)},
        "settings": {"seed": seed, "methods": names},
    }
    return RationaleStudy(
        tuple(_make_rows(values, seed)), record, len(marked) - len(usable), _find_unread(chosen, marked)
    )


def _draw(rationales: Sequence[Rationale], texts: int | None, seed: int) -> Sequence[Rationale]:
    if texts is None:
        return rationales
    if texts < 1:
        raise SettingError(f"texts must be 1 or more, got {texts}.")
    order = np.random.default_rng(seed).permutation(len(rationales))[:texts]
    return [rationales[place] for place in order.tolist()]


def _find_marks(explainer: Explainer, one: Rationale) -> _Marked:
    """A word is marked if any of its letters is."""
    encoded = explainer.classifier.encode(one.text)
    inside = np.zeros(len(one.text) + 1, np.bool_)
    for start, end in one.marked:
        inside[start:end] = True
    return _Marked(encoded, np.array([inside[word.start : word.end].any() for word in encoded.tokens], np.bool_))


def _find_unread(chosen: Sequence[Rationale], marked: Sequence[_Marked]) -> float:
    """Counted in marked letters, since what is not read has no words; of the texts that are measured."""
    total = read = 0
    for one, (encoded, marks) in zip(chosen, marked, strict=True):
        if 0 < marks.sum() < len(marks):
            first, last = encoded.tokens[0].start, encoded.tokens[-1].end
            total += sum(end - start for start, end in one.marked)
            read += sum(max(0, min(end, last) - max(start, first)) for start, end in one.marked)
    return 1 - read / total


def _split(usable: Sequence[_Marked]) -> Iterator[Sequence[_Marked]]:
    yield from (usable[start : start + _AT_ONCE] for start in range(0, len(usable), _AT_ONCE))


def _measure(explainer: Explainer, part: Sequence[_Marked], names: Sequence[str], seed: int) -> Iterator[Values]:
    rows = [one.encoded.inputs for one in part]
    found = {name: score(rows) for name, score in build_scorers(explainer.classifier, names).items()}
    answers = find_answers(explainer.classifier.predict(rows).astype(np.float64))
    for place, one in enumerate(part):
        scores: dict[str, FloatArray] = {name: np.asarray(of[place], np.float64) for name, of in found.items()}
        scores[LAST_WORDS] = score_places(len(one.marks))
        scores[RANDOM] = np.random.default_rng([seed, zlib.crc32(rows[place].tobytes())]).random(len(one.marks))
        orders = order_words(np.stack(list(scores.values())))
        erased = measure_erasure(explainer.classifier, rows[place], orders, int(answers[place]))
        yield {
            name: (*_overlap(name, scores[name], one.marks), *of)
            for name, of in zip(scores, np.stack(erased, 1), strict=True)
        }


def _overlap(name: str, scores: FloatArray, marks: Marks) -> tuple[float, float, float]:
    found = measure_chance(marks) if name == RANDOM else measure_overlap(scores, marks)
    return found.auprc, found.precision, found.iou


def _make_rows(values: Sequence[Values], seed: int) -> Iterator[Row]:
    for number, (section, measure) in enumerate(_MEASURES):
        for name in values[0]:
            found = estimate_mean(np.array([float(one[name][number]) for one in values]), seed)
            if found is not None:
                yield Row(section, measure, name, *found)
