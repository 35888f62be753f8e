"""What was measured of a network over many texts: its table, its words and its calibration, without any text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """A number over texts.

    Attributes:
        section: what it belongs to: 'answers', 'weights', 'spread', 'agreement', 'erasure' or 'adversarial'.
        measure: what was measured. of: of what, with what, or between which methods; '' for the network as it is.
        value: the number. low, high: the ends of its 95 % bootstrap interval.
        n: how many texts have the measure.
        statistic: 'mean', 'median', 'F1' or 'error' (of calibration).
    """

    section: str
    measure: str
    of: str
    value: float
    low: float
    high: float
    n: int
    statistic: str = "mean"

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Bin:
    """The texts whose predicted label has about the same probability: its mean, the share that is right, how many."""

    confidence: float
    accuracy: float
    n: int


@dataclass(frozen=True, slots=True)
class WordUse:
    """A word where the network answered with one label.

    Attributes:
        word, label: which, and the label that was answered, an index.
        count: how often it was read there.
        attention: its mean in even shares; None without attention.
        effect: its mean gradient x input toward that label; None where it was not measured.
    """

    word: str
    label: int
    count: int
    attention: float | None
    effect: float | None


@dataclass(frozen=True, slots=True)
class Source:
    """A folder of results: how many texts of what, and the command that made it."""

    n: int
    data: str
    command: str
    created: str
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NetworkSummary:
    """What was measured of a network.

    Attributes:
        network: its name. labels: of its classes. sha256: of its files.
        rows: the table; each row says its n.
        bins: of the confidence, of equal width.
        words: those that stand out, of those that were read often enough. distinct: how many words were read at all.
        sources: where all that comes from; the words and the bins come from the first.
    """

    network: str
    labels: tuple[str, ...]
    sha256: Mapping[str, str | None]
    rows: tuple[Row, ...]
    bins: tuple[Bin, ...]
    words: tuple[WordUse, ...]
    distinct: int
    sources: tuple[Source, ...]

    def find(self, measure: str, of: str = "") -> Row | None:
        """One row, None if there is none."""
        return next((row for row in self.rows if (row.measure, row.of) == (measure, of)), None)

    def list_rows(self, section: str) -> tuple[Row, ...]:
        """The rows of a section of the table."""
        return tuple(row for row in self.rows if row.section == section)
