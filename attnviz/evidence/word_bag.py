"""What a logistic regression on a bag of words reaches, as it ships; it is measured by benchmarks/bag_of_words.py.

scikit-learn is needed to measure it, not to read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from attnviz.errors import DataError, SettingError
from attnviz.languages import tr
from attnviz.values.plain import from_plain

SHIPPED = Path(__file__).parent / "shipped" / "tutorials" / "bag-of-words.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class WordBag:
    """One regression.

    Attributes:
        network: whose words are read: `steps` last ones, of a vocabulary of `vocabulary` ids.
        longest: 1 for words alone, 2 for words and pairs of neighbours.
        features: how many different ones there are.
        regularisation: C, chosen on held-out training reviews.
        train, test: how many reviews it learned from and was tested on.
        accuracy: on the test reviews, which were read once.
    """

    network: str
    steps: int
    vocabulary: int
    longest: int
    features: int
    regularisation: float
    train: int
    test: int
    accuracy: float


@dataclass(frozen=True, slots=True)
class WordBags:
    """The regressions that were measured together.

    Attributes:
        rows: a regression each.
        command: what measures them again. digest: sha256 of the reviews.
        created: ISO 8601 in UTC. versions: by package.
        format: of the file.
    """

    rows: tuple[WordBag, ...]
    command: str
    digest: str
    created: str
    versions: Mapping[str, str]
    format: int = FORMAT

    def find(self, network: str, longest: int, train: int) -> WordBag | None:
        """The regression on a network's words that learned from so many reviews."""
        wanted = (network, longest, train)
        return next((row for row in self.rows if (row.network, row.longest, row.train) == wanted), None)


def read_word_bags(file: Path) -> WordBags:
    """The regressions of a file.

    Raises:
        DataError: it is missing, damaged or of another format.
    """
    try:
        found = from_plain(WordBags, json.loads(file.read_bytes()), "bag of words")
    except (OSError, ValueError, SettingError) as error:
        command = "python -m benchmarks.bag_of_words"
        raise DataError(
            tr("{file} cannot be read ({error}): measure it with {command}.", file=file, error=error, command=command)
        ) from error
    if found.format != FORMAT:
        raise DataError(
            tr(
                "{file} has the format {found}, this version of attnviz reads {known}.",
                file=file,
                found=found.format,
                known=FORMAT,
            )
        )
    return found


@cache
def read_shipped_bags() -> WordBags:
    """The regressions that attnviz ships."""
    return read_word_bags(SHIPPED)
