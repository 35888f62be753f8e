"""The reader of the IMDB reviews: archive or folder to arrays, and what it refuses."""

from __future__ import annotations

import io
import re
import tarfile
from pathlib import Path

import numpy as np
import pooch
import pytest

from attnviz.data import imdb
from attnviz.data.imdb import ARCHIVE_MD5, Imdb, load_imdb
from attnviz.errors import DataError
from attnviz.text.vocabulary import UNKNOWN
from attnviz.text.words import words

REVIEWS = {
    "aclImdb/train/pos/0_9.txt": "Lovely café film, lovely ending",
    "aclImdb/train/pos/1_10.txt": "A film<br />about 猫 and 😀",
    "aclImdb/train/neg/0_2.txt": "boring film",
    "aclImdb/test/pos/0_7.txt": "lovely unseen words, film",
    "aclImdb/test/neg/0_1.txt": "",
}
EXPLAINED = "aclImdb_v1.tar.gz.*ATTNVIZ_IMDB"


def write_tar(path: Path, members: dict[str, str | tarfile.TarInfo]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            data = content.encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of this test alone."""
    monkeypatch.setenv("ATTNVIZ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def use(tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch):
    """Point ATTNVIZ_IMDB at an archive with the given members, or at a path."""

    def point(source: Path | dict) -> Path:
        path = write_tar(tmp_path / "reviews.tar.gz", source) if isinstance(source, dict) else source
        monkeypatch.setenv("ATTNVIZ_IMDB", str(path))
        return path

    return point


def assert_equal(left: Imdb, right: Imdb) -> None:
    assert (left.digest, list(left.vocabulary)) == (right.digest, list(right.vocabulary))
    for one, two in ((left.train, right.train), (left.test, right.test)):
        assert list(one.texts) == list(two.texts)
        for name in ("labels", "ratings", "word_ids", "word_offsets"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_a_review_keeps_its_text_label_and_rating(use) -> None:
    use(REVIEWS)
    data = load_imdb()
    assert list(data.train.texts) == [REVIEWS[name] for name in list(REVIEWS)[:3]]
    assert (data.train.labels.tolist(), data.train.ratings.tolist()) == ([1, 1, 0], [9, 10, 2])
    assert (data.test.labels.tolist(), data.test.ratings.tolist()) == ([1, 0], [7, 1])
    assert (len(data.train), len(data.test), data.test.texts[-1]) == (3, 2, "")


def test_the_vocabulary_is_that_of_the_training_reviews_alone(use) -> None:
    use(REVIEWS)
    vocabulary = load_imdb().vocabulary
    assert list(vocabulary)[3:6] == ["film", "lovely", "café"]
    assert "unseen" not in vocabulary


def test_every_review_is_the_ids_of_its_words(use) -> None:
    use(REVIEWS)
    data = load_imdb()
    for split in (data.train, data.test):
        for index, text in enumerate(split.texts):
            expected = [data.vocabulary.id(word) for word in words(text)]
            assert split.encode(index, len(data.vocabulary), 500).tolist() == expected


def test_encoding_keeps_the_last_words_and_makes_rare_words_unknown(use) -> None:
    use(REVIEWS)
    train = load_imdb().train
    full = train.encode(0, 1000, 500)
    assert full.tolist() == [4, 5, 3, 4, full[-1]]
    assert full[-1] > 5
    assert train.encode(0, 1000, 2).tolist() == [4, full[-1]]
    assert train.encode(0, 5, 3).tolist() == [3, 4, UNKNOWN]


def test_archive_and_extracted_folder_give_equal_data(archive: Path, tmp_path: Path, use) -> None:
    use(archive)
    packed = load_imdb()
    with tarfile.open(archive) as opened:
        # Early releases of Python 3.10 and 3.11 do not know the filter, and later ones warn without it.
        opened.extractall(tmp_path / "extracted", **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    use(tmp_path / "extracted" / "aclImdb")
    assert_equal(load_imdb(), packed)
    assert (len(packed.train), len(packed.test), packed.train.labels.sum()) == (120, 120, 60)


def test_the_second_load_comes_from_the_cache(use, monkeypatch: pytest.MonkeyPatch) -> None:
    use(REVIEWS)
    told = []
    first = load_imdb(report=told.append)
    monkeypatch.setattr(imdb, "_read_reviews", lambda source: pytest.fail("the source was read again"))
    assert_equal(load_imdb(report=told.append), first)
    assert len(told) == 1


def test_a_changed_archive_is_read_again(use) -> None:
    use(REVIEWS)
    before = load_imdb().digest
    use({**REVIEWS, "aclImdb/train/neg/1_1.txt": "dull"})
    assert load_imdb().digest != before


def test_a_damaged_cache_is_reported_with_its_folder(use, own_cache: Path) -> None:
    use(REVIEWS)
    load_imdb()
    file = next(own_cache.glob("imdb/*/train_labels.npy"))
    file.write_bytes(b"no array")
    with pytest.raises(DataError, match=f"{re.escape(str(file.parent))} is damaged"):
        load_imdb()


@pytest.mark.parametrize("share", [0.02, *np.arange(0.1, 1.0, 0.1), 0.98])
def test_a_truncated_archive_is_refused_wherever_it_ends(archive: Path, tmp_path: Path, use, share: float) -> None:
    whole = archive.read_bytes()
    for offset in range(0, 60, 7):  # the ends of members and of their headers are the difficult places
        use(tmp_path / f"{offset}.tar.gz").write_bytes(whole[: int(len(whole) * share) - offset])
        with pytest.raises(DataError, match=EXPLAINED):
            load_imdb()


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b no gzip", bytes(range(256)) * 8])
def test_a_file_that_is_no_archive_is_refused_in_one_line(tmp_path: Path, use, own_cache: Path, content: bytes) -> None:
    use(tmp_path / "file.tar.gz").write_bytes(content)
    with pytest.raises(DataError, match=EXPLAINED) as caught:
        load_imdb()
    assert "\n" not in str(caught.value)
    assert not list(own_cache.glob("imdb/*"))


@pytest.mark.parametrize("dropped", ["aclImdb/test/neg/0_1.txt", "aclImdb/train/neg/0_2.txt", None])
def test_an_archive_without_all_four_kinds_of_reviews_is_refused(use, dropped: str | None) -> None:
    use({"readme.txt": "something else"} if dropped is None else {k: v for k, v in REVIEWS.items() if k != dropped})
    with pytest.raises(DataError, match=f"does not hold the reviews.*{EXPLAINED}"):
        load_imdb()


def test_an_empty_folder_is_refused(tmp_path: Path, use) -> None:
    (tmp_path / "empty").mkdir()
    use(tmp_path / "empty")
    with pytest.raises(DataError, match=EXPLAINED):
        load_imdb()


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path, use) -> None:
    use(tmp_path / "absent.tar.gz")
    with pytest.raises(DataError, match=f"ATTNVIZ_IMDB names .*absent.tar.gz, which does not exist.*{EXPLAINED}"):
        load_imdb()


def test_a_member_too_long_for_a_review_is_refused_by_name(use) -> None:
    use({**REVIEWS, "aclImdb/train/pos/7_8.txt": "x" * (imdb.MAX_REVIEW_BYTES + 1)})
    with pytest.raises(DataError, match=r"7_8\.txt is too long"):
        load_imdb()


def test_hostile_members_write_nothing_outside_the_cache(tmp_path: Path, use, own_cache: Path) -> None:
    link = tarfile.TarInfo("aclImdb/train/pos/8_8.txt")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
    folder = tarfile.TarInfo("../evil-folder")
    folder.type = tarfile.DIRTYPE
    climbing = {"../evil.txt": "x", f"{tmp_path}/absolute.txt": "x", "../../train/pos/5_8.txt": "climbing words"}
    use({**REVIEWS, **climbing, link.name: link, folder.name: folder})
    before = {path for path in tmp_path.parent.rglob("*") if own_cache not in path.parents}
    data = load_imdb()
    after = {path for path in tmp_path.parent.rglob("*") if own_cache not in path.parents}
    assert after - before == {own_cache}
    assert len(data.train) == 4, "the link is no review"


def test_the_official_archive_is_known_by_its_md5() -> None:
    assert ARCHIVE_MD5 == "7c2ac02c03563afcf9b574c7e56c153a"


@pytest.fixture
def no_source(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATTNVIZ_IMDB")


def test_a_failed_download_is_explained(no_source: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(url: str, known_hash: str, **options: object) -> None:
        assert known_hash == f"md5:{ARCHIVE_MD5}"
        raise OSError("no route to host")

    monkeypatch.setattr(pooch, "retrieve", fail)
    with pytest.raises(DataError, match=f"no route to host.*{EXPLAINED}"):
        load_imdb()


def test_nothing_is_downloaded_against_the_will_of_the_caller(no_source: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooch, "retrieve", lambda *a, **k: pytest.fail("a download"))
    with pytest.raises(DataError, match="attnviz data"):
        load_imdb(download=False)


def test_a_downloaded_archive_is_found_again(no_source: None, own_cache: Path) -> None:
    own_cache.mkdir()
    write_tar(own_cache / "aclImdb_v1.tar.gz", REVIEWS)
    assert len(load_imdb(download=False).train) == 3


@pytest.fixture(scope="module")
def real_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("real")


@pytest.mark.imdb
def test_the_real_archive_holds_50_000_reviews_half_of_them_positive(
    imdb_archive: Path, real_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTNVIZ_IMDB", str(imdb_archive))
    monkeypatch.setenv("ATTNVIZ_CACHE", str(real_cache))
    data = load_imdb()
    for split in (data.train, data.test):
        assert (len(split), split.labels.sum()) == (25_000, 12_500)
        assert split.ratings[split.labels == 1].min() >= 7
        assert split.ratings[split.labels == 0].max() <= 4
        assert all(split.texts[index].strip() for index in range(0, 25_000, 500))
    assert list(data.vocabulary)[3:6] == ["the", "and", "a"]
    assert "br" not in list(data.vocabulary)[:10_000]

    monkeypatch.setattr(imdb, "_read_reviews", lambda source: pytest.fail("the archive was read again"))
    assert load_imdb().digest == data.digest
