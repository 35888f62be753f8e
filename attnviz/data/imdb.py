"""The Large Movie Review Dataset v1.0 (Maas et al. 2011): 25,000 training and 25,000 test reviews.

The archive is never unpacked: its members are read one by one in memory, so no member name can reach the disk. The
result is kept as plain arrays in the user's cache and mapped into memory from there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from attnviz.data.labelled_texts import Texts
from attnviz.errors import DataError
from attnviz.folders import cache_folder
from attnviz.languages import mark, tr
from attnviz.text.vocabulary import SPECIAL_WORDS, UNKNOWN, Vocabulary
from attnviz.text.words import words

NAME = "Large Movie Review Dataset v1.0"
"""What the records of networks that learned it call it."""
ARCHIVE_URL = "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz"
ARCHIVE_MD5 = "7c2ac02c03563afcf9b574c7e56c153a"

CACHE_FORMAT, MAX_REVIEW_BYTES = 2, 1_000_000
"""The longest official review has under 15,000 bytes; a member above that bound is not a review."""

_MEMBER = re.compile(r"(?:^|/)(train|test)/(pos|neg)/(\d+)_(\d+)\.txt$")
_HOW_TO_GET_IT = mark(
    "Expected the official archive aclImdb_v1.tar.gz or its extracted folder, with reviews in train/pos, train/neg, "
    "test/pos and test/neg. Get it from {address} and point ATTNVIZ_IMDB at it, or unset ATTNVIZ_IMDB and run "
    "`attnviz data`, which downloads it."
)
_NOT_WRITTEN = mark("The cache {path} cannot be written ({error}). Set ATTNVIZ_CACHE.")
_DAMAGED = mark("The cache {path} is damaged ({error}). Delete it; it will be made again.")


@dataclass(frozen=True)
class Split:
    """One half of the dataset, positive reviews first.

    Attributes:
        texts: the reviews.
        labels: (n,) 1 for a positive review, 0 for a negative one.
        ratings: (n,) stars, 1 to 10; positive reviews have at least 7, negative ones at most 4.
        word_ids: ids of all words of all reviews, in the full vocabulary of the training reviews.
        word_offsets: (n + 1,) review i has the words `word_ids[word_offsets[i]:word_offsets[i + 1]]`.
    """

    texts: Texts
    labels: npt.NDArray[np.int8]
    ratings: npt.NDArray[np.int8]
    word_ids: npt.NDArray[np.int32]
    word_offsets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def groups(self) -> None:
        """Copies of a review were not looked for."""
        return

    def encode(self, index: int, vocabulary_size: int, steps: int) -> npt.NDArray[np.int32]:
        """The last `steps` words of a review; ids that a vocabulary of that size lacks become UNKNOWN."""
        start, end = self.word_offsets[index], self.word_offsets[index + 1]
        ids = np.asarray(self.word_ids[max(start, end - steps) : end])
        return np.where(ids < vocabulary_size, ids, UNKNOWN).astype(np.int32)


@dataclass(frozen=True)
class Imdb:
    """Both halves, the vocabulary of the training reviews by frequency, and a sha256 of everything in the halves."""

    train: Split
    test: Split
    vocabulary: Vocabulary
    digest: str


@dataclass(frozen=True)
class _Review:
    split: str
    label: int
    index: int
    rating: int
    text: bytes

    @property
    def order(self) -> tuple[str, int, int]:
        return (self.split, -self.label, self.index)


def lacking(message: str, **values: object) -> DataError:
    """What to raise where reviews are missing: a marked message with its values, then what to do."""
    return DataError(f"{tr(message, **values)} {tr(_HOW_TO_GET_IT, address=ARCHIVE_URL)}")


def find_imdb() -> Path | None:
    """The archive or folder that is already on this machine: `ATTNVIZ_IMDB`, else the downloaded one.

    Raises:
        DataError: `ATTNVIZ_IMDB` names a path that does not exist.
    """
    if chosen := os.environ.get("ATTNVIZ_IMDB"):
        path = Path(chosen).expanduser()
        if not path.exists():
            raise lacking(mark("ATTNVIZ_IMDB names {path}, which does not exist."), path=chosen)
        return path
    downloaded = _download_path()
    return downloaded if downloaded.is_file() else None


def download_imdb() -> Path:
    """Download the official archive into the user's cache, checked against its md5, with a progress bar.

    Raises:
        DataError: the download failed or what came is not the official archive.
    """
    import pooch

    target = _download_path()
    try:
        pooch.retrieve(
            ARCHIVE_URL, known_hash=f"md5:{ARCHIVE_MD5}", fname=target.name, path=target.parent, progressbar=True
        )
    except Exception as error:  # pooch passes on whatever requests, the socket or the disk raised
        raise lacking(mark("The download of {address} failed ({error})."), address=ARCHIVE_URL, error=error) from error
    return target


def load_imdb(*, download: bool = True, report: Callable[[str], None] = lambda message: None) -> Imdb:
    """The dataset, from the cache if it was parsed before.

    Args:
        download: whether the official archive may be downloaded if none is on this machine.
        report: told in words what takes time.

    Raises:
        DataError: no archive, or one that is truncated or holds something else.
    """
    source = find_imdb()
    if source is None:
        if not download:
            raise lacking(mark("The IMDB reviews are not on this machine."))
        report(mark("Downloading the IMDB reviews (84 MB)"))
        source = download_imdb()
    folder = _cache_of(source)
    if not (folder / "imdb.json").is_file():
        report(mark("Reading the IMDB reviews (once, about 20 s)"))
        _write_cache(folder, sorted(_read_reviews(source), key=lambda review: review.order), source)
    return _read_cache(folder)


def is_parsed(source: Path) -> bool:
    """Whether `load_imdb` finds this archive or folder in the cache, so that it takes no time."""
    return (_cache_of(source) / "imdb.json").is_file()


def _cache_of(source: Path) -> Path:
    return cache_folder() / "imdb" / _fingerprint(source)


def _download_path() -> Path:
    return cache_folder() / "aclImdb_v1.tar.gz"


def _fingerprint(source: Path) -> str:
    """Changes when the source does, without reading it: path, size and times of the archive or of its folders."""
    places = [source] if source.is_file() else [source, *sorted(source.glob("**/*/"))]
    facts = [(str(place.resolve()), place.stat().st_size, place.stat().st_mtime_ns) for place in places]
    return hashlib.sha256(json.dumps([CACHE_FORMAT, facts]).encode()).hexdigest()[:16]


def _read_reviews(source: Path) -> list[_Review]:
    files = _folder_files(source) if source.is_dir() else _archive_files(source)
    reviews: list[_Review] = []
    try:
        for name, read in files:
            if match := _MEMBER.search(name):
                reviews.append(_review(f"{source}: {name}", match, read()))
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        reason = str(error).partition("\n")[0].rstrip(":")  # tarfile adds a line for every compression it tried
        raise lacking(mark("{path} is truncated or no archive ({reason})."), path=source, reason=reason) from error
    found = {(review.split, review.label) for review in reviews}
    if len(found) < 4:
        raise lacking(mark("{path} does not hold the reviews of the dataset."), path=source)
    return reviews


def _review(place: str, match: re.Match[str], text: bytes) -> _Review:
    if len(text) > MAX_REVIEW_BYTES:
        raise DataError(tr("{place} is too long for a review (over {most} bytes).", place=place, most=MAX_REVIEW_BYTES))
    split, label, index, rating = match.groups()
    return _Review(split, int(label == "pos"), int(index), min(int(rating), 10), text)


def _archive_files(source: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Files in the order of the archive; each is to be read before the next. Nothing is unpacked."""
    with tarfile.open(source) as archive:  # not as a stream: a stream that ends at a header passes for whole
        for member in archive:
            if member.isfile() and (file := archive.extractfile(member)) is not None:
                yield member.name, partial(file.read, MAX_REVIEW_BYTES + 1)


def _folder_files(source: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for path in source.glob("**/t*/*/*.txt"):
        yield path.as_posix(), path.read_bytes


def _write_cache(folder: Path, reviews: Sequence[_Review], source: Path) -> None:
    """Write to a temporary sibling and rename, so that a reader never meets half a cache."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".imdb-", dir=folder.parent, ignore_cleanup_errors=True) as place:
            whole = Path(place) / folder.name
            whole.mkdir()
            _write_whole_cache(whole, reviews, source)
            shutil.rmtree(folder, ignore_errors=True)
            whole.rename(folder)
    except OSError as error:
        if not (folder / "imdb.json").is_file():  # another process may have been faster; then its cache is as good
            raise DataError(tr(_NOT_WRITTEN, path=folder, error=error)) from error


def _write_whole_cache(folder: Path, reviews: Sequence[_Review], source: Path) -> None:
    train = [review for review in reviews if review.split == "train"]
    counts = Counter(word for review in train for word in words(_decode(review.text)))
    vocabulary = Vocabulary((*SPECIAL_WORDS, *(word for word, _ in counts.most_common())))
    vocabulary.save(folder / "vocabulary.txt")
    digest = hashlib.sha256()
    for split in ("train", "test"):
        part = [review for review in reviews if review.split == split]
        for name, array in _arrays(part, vocabulary).items():
            np.save(folder / f"{split}_{name}.npy", array)
            digest.update(array.tobytes())
    facts = {"format": CACHE_FORMAT, "source": source.name, "digest": digest.hexdigest()}
    (folder / "imdb.json").write_text(json.dumps(facts))


def _decode(text: bytes) -> str:
    return text.decode("utf-8", errors="replace")


def _arrays(reviews: Sequence[_Review], vocabulary: Vocabulary) -> dict[str, npt.NDArray[Any]]:
    texts = [_decode(review.text) for review in reviews]
    encoded = [text.encode() for text in texts]
    ids = [vocabulary.encode(text) for text in texts]
    return {
        "texts": np.frombuffer(b"".join(encoded), dtype=np.uint8),
        "text_offsets": _offsets(len(text) for text in encoded),
        "labels": np.array([review.label for review in reviews], dtype=np.int8),
        "ratings": np.array([review.rating for review in reviews], dtype=np.int8),
        "word_ids": np.concatenate(ids),
        "word_offsets": _offsets(len(row) for row in ids),
    }


def _offsets(lengths: Iterable[int]) -> npt.NDArray[np.int64]:
    return np.cumsum([0, *lengths], dtype=np.int64)


def _read_cache(folder: Path) -> Imdb:
    try:
        facts = json.loads((folder / "imdb.json").read_text())
        return Imdb(
            train=_read_split(folder, "train"),
            test=_read_split(folder, "test"),
            vocabulary=Vocabulary.load(folder / "vocabulary.txt"),
            digest=facts["digest"],
        )
    except (OSError, ValueError, KeyError) as error:
        raise DataError(tr(_DAMAGED, path=folder, error=error)) from error


def _read_split(folder: Path, split: str) -> Split:
    def array(name: str) -> npt.NDArray[Any]:
        return np.load(folder / f"{split}_{name}.npy", mmap_mode="r", allow_pickle=False)

    return Split(
        texts=Texts(array("texts"), array("text_offsets")),
        labels=array("labels"),
        ratings=array("ratings"),
        word_ids=array("word_ids"),
        word_offsets=array("word_offsets"),
    )
