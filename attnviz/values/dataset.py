"""What there is to know of a data set that somebody brought, without opening its texts."""

from __future__ import annotations

from dataclasses import dataclass

STEP_COUNTS = (200, 500)
"""How many last words the networks of the table read."""


@dataclass(frozen=True, slots=True)
class ReadingReport:
    """What became of the rows of a file.

    Attributes:
        rows: of the file.
        blank: left out, because there was nothing to read in their text.
        unlabelled: left out, because their label was blank.
        too_long: left out, because their text has more characters than can be explained.
        copies: kept although their text stands in an earlier row; all copies of a text are on the same side of the
            split.
        contradictions: texts that stand in the file with different labels.
        encoding: what the file was taken for, where that is a guess; else None.
    """

    rows: int
    blank: int = 0
    unlabelled: int = 0
    too_long: int = 0
    copies: int = 0
    contradictions: int = 0
    encoding: str | None = None

    @property
    def kept(self) -> int:
        """The rows that are in the data set."""
        return self.rows - self.blank - self.unlabelled - self.too_long


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set, as its `dataset.json` says.

    Attributes:
        name: of its folder.
        source: the name of the file that it was read from; text_column, label_column: its columns.
        labels: (k,) the names of the classes, numbers by value, others by name.
        train, test: (k,) how many texts of each class a part has.
        unit: what is read one by one, see text/reading_units.py.
        words: how many different ones the vocabulary holds.
        median_length: of the texts, in units.
        longer: the shares of the texts that have more units than each of STEP_COUNTS.
        seed: of the split.
        bytes: of all texts in UTF-8.
        digest: sha256 of texts, labels, split and vocabulary.
        created: ISO 8601 in UTC.
        report: what became of the rows.
    """

    name: str
    source: str
    text_column: str
    label_column: str
    labels: tuple[str, ...]
    train: tuple[int, ...]
    test: tuple[int, ...]
    unit: str
    words: int
    median_length: int
    longer: tuple[float, ...]
    seed: int
    bytes: int
    digest: str
    created: str
    report: ReadingReport
