"""What a network said of a whole data set, kept in the user's cache so that it is computed once."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnviz.folders import cache_folder

FORMAT = 2
KEPT = 32
"""How many files are kept, 100 KB a label for 25,000 reviews; the oldest ones give way."""


def get_key(*parts: str) -> str:
    """A name for what these parts decide: the hashes of the network's files, and the digest of the data set."""
    return hashlib.sha256(json.dumps([FORMAT, *parts]).encode()).hexdigest()[:24]


def save_probabilities(key: str, probabilities: npt.NDArray[np.floating]) -> None:
    """Keep (n, k) probabilities of k labels; the file appears whole or not at all.

    Raises:
        OSError: the cache cannot be written.
    """
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".predictions-", delete=False) as file:
        try:
            np.savez(file, probabilities=probabilities.astype(np.float32))
            file.close()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    files = sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime)
    for old in files[:-KEPT]:
        old.unlink(missing_ok=True)


def load_probabilities(key: str, count: int, labels: int) -> npt.NDArray[np.float32] | None:
    """The (count, labels) probabilities that were kept; None if there are none or the file is damaged.

    A zip file carries a checksum of its content, so that a damaged one is noticed and computed again.
    """
    try:
        # Opened here: of a damaged file, numpy forgets to close the one that it opened.
        with _path(key).open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            found = file["probabilities"]
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile):
        return None
    whole = found.shape == (count, labels) and found.dtype == np.float32
    return found if whole and np.all(np.isnan(found) | ((found >= 0) & (found <= 1))) else None


def _path(key: str) -> Path:
    return cache_folder() / "predictions" / f"{key}.npz"
