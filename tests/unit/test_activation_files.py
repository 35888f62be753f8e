"""Activations in files: what comes back is what was saved, and what is something else is refused in a sentence."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from attnviz import get_activations, load_activations, save_activations
from attnviz.backend import keras
from attnviz.errors import DataError, SettingError

KINDS = (".npz", ".json")
DTYPES = st.sampled_from(["bool", "int8", "int64", "uint8", "uint64", "float16", "float32", "float64", ">f4"])
ARRAYS = DTYPES.flatmap(lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, min_side=0, max_side=3)))
ACTIVATIONS = st.dictionaries(st.text(), ARRAYS | st.lists(ARRAYS, max_size=3), max_size=4)


def assert_same(one: Any, two: Any) -> None:
    assert type(one) is type(two)
    if isinstance(one, list):
        assert len(one) == len(two)
        for first, second in zip(one, two, strict=True):
            assert_same(first, second)
    else:
        assert (one.shape, one.dtype.name) == (two.shape, two.dtype.name)
        np.testing.assert_array_equal(one, two)  # NaN equals NaN here


@pytest.mark.parametrize("suffix", KINDS)
@given(activations=ACTIVATIONS)
def test_what_comes_back_is_what_was_saved(tmp_path_factory: Any, suffix: str, activations: dict[str, Any]) -> None:
    path = tmp_path_factory.getbasetemp() / f"activations{suffix}"
    save_activations(path, activations)
    loaded = load_activations(path)
    assert list(loaded) == list(activations)
    for name, value in activations.items():
        assert_same(loaded[name], value)


@pytest.mark.parametrize("suffix", KINDS)
def test_activations_of_a_model_with_texts_and_a_shared_layer_come_back(tmp_path: Path, suffix: str) -> None:
    vectorise = keras.layers.TextVectorization(output_sequence_length=3, vocabulary=["good", "film"], name="words")
    left, right = (keras.Input((1,), dtype="string", name=name) for name in ("left", "right"))
    shared = keras.layers.Embedding(9, 2, name="shared/vectors".replace("/", "_"))
    model = keras.Model(
        [left, right], keras.layers.Add(name="sum")([shared(vectorise(left)), shared(vectorise(right))])
    )
    activations = get_activations(model, [np.array([["good film"]]), np.array([["é"]])])
    save_activations(tmp_path / f"a{suffix}", activations)
    loaded = load_activations(tmp_path / f"a{suffix}")
    assert list(loaded) == list(activations)
    for name, value in activations.items():
        assert_same(loaded[name], value)
    assert loaded["right"].tolist() == [["é".encode()]]


@pytest.mark.parametrize("suffix", KINDS)
def test_numbers_that_numpy_does_not_know_come_back(tmp_path: Path, suffix: str) -> None:
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    try:
        dense = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="half")])
    finally:
        keras.mixed_precision.set_global_policy("float32")
    activations = get_activations(dense, np.ones((2, 3), np.float32))
    assert activations["half"].dtype.name == "bfloat16"
    save_activations(tmp_path / f"a{suffix}", activations)
    assert_same(load_activations(tmp_path / f"a{suffix}")["half"], activations["half"])


def test_an_archive_is_one_of_numpy_and_json_is_strict(tmp_path: Path) -> None:
    activations = {"vgg/conv": np.array([[1.5, np.nan, -np.inf]]), "file": np.array([1]), "attnviz": np.array([2])}
    save_activations(tmp_path / "a.npz", activations)
    with np.load(tmp_path / "a.npz") as archive:
        np.testing.assert_array_equal(archive["vgg/conv"], activations["vgg/conv"])
    save_activations(tmp_path / "a.json", activations)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    data = json.loads((tmp_path / "a.json").read_text(), parse_constant=refuse)
    assert data["layers"]["vgg/conv"] == {"dtype": "float64", "shape": [1, 3], "values": [1.5, "NaN", "-Infinity"]}


def test_a_file_of_keract_is_read(tmp_path: Path) -> None:
    (tmp_path / "keract.json").write_text('{"dense": [[0.5, NaN]], "ids": [[1, 2]]}')
    loaded = load_activations(tmp_path / "keract.json")
    np.testing.assert_array_equal(loaded["dense"], [[0.5, np.nan]])
    np.testing.assert_array_equal(loaded["ids"], [[1, 2]])


@pytest.mark.parametrize("value", [object(), np.array([1j]), np.array([{}], object), "2020-01-01", None])
def test_what_no_file_holds_is_refused_before_a_file_is_made(tmp_path: Path, value: Any) -> None:
    value = np.datetime64(value) if isinstance(value, str) else value
    for suffix in KINDS:
        with pytest.raises(SettingError, match="'layer'"):
            save_activations(tmp_path / f"a{suffix}", {"layer": value})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("act", [lambda path: save_activations(path, {}), load_activations])
def test_another_suffix_is_refused(tmp_path: Path, act: Callable[[Path], Any]) -> None:
    with pytest.raises(SettingError, match=r"\.npz and \.json.*'a\.pkl'"):
        act(tmp_path / "a.pkl")


def npy(array: Any, **settings: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **settings)
    return stream.getvalue()


def archive(compression: int = zipfile.ZIP_STORED, **members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as file:
        for name, data in members.items():
            file.writestr(f"{name}.npy", data)
    return stream.getvalue()


def description(**layers: Any) -> bytes:
    return npy(np.array(json.dumps({"format": "attnviz activations", "version": 1, "layers": layers})))


ONE = {"dtype": "float32", "shape": [1], "values": "a"}
HUGE = npy(np.zeros(1, np.float32)).replace(b"(1,), }" + b" " * 9, b"(9999999999,), }")

ARCHIVES = {
    "no archive": b"nonsense",
    "without a description": archive(a=npy(np.ones(1))),
    "a pickle": archive(attnviz=npy(np.array([print], object), allow_pickle=True)),
    "a pickle inside": archive(attnviz=description(a=ONE), a=npy(np.array([print], object), allow_pickle=True)),
    "compressed": archive(zipfile.ZIP_DEFLATED, attnviz=description(a=ONE), a=npy(np.zeros(10**6, np.float32))),
    "more values than it has": archive(attnviz=description(a=ONE), a=HUGE),
    "another dtype": archive(attnviz=description(a=ONE), a=npy(np.ones(1, np.int8))),
    "another shape": archive(attnviz=description(a={**ONE, "shape": [2]}), a=npy(np.ones(1, np.float32))),
    "one member many times": archive(attnviz=description(a=ONE, b=ONE), a=npy(np.ones(1, np.float32))),
    "no member": archive(attnviz=description(a=ONE)),
    "cut short": archive(attnviz=description(a=ONE), a=npy(np.ones(1, np.float32)))[:-30],
}
TEXTS = {
    "no JSON": "{",
    "a list": "[]",
    "texts for numbers": '{"a": [["x"]]}',
    "ragged": '{"a": [[1], [1, 2]]}',
    "deep": "[" * 100_000,
    "another version": '{"format": "attnviz activations", "version": 2, "layers": {}}',
    "layers in a list": '{"format": "attnviz activations", "version": 1, "layers": []}',
    "a number for an array": '{"format": "attnviz activations", "version": 1, "layers": {"a": 1}}',
    "an unknown dtype": '{"format": "attnviz activations", "version": 1, '
    '"layers": {"a": {"dtype": "object", "shape": [1], "values": [1]}}}',
    "too large a number": '{"format": "attnviz activations", "version": 1, '
    '"layers": {"a": {"dtype": "int8", "shape": [1], "values": [1000]}}}',
}


@pytest.mark.parametrize("case", [*ARCHIVES, *TEXTS])
def test_a_file_of_something_else_is_refused_in_a_sentence(tmp_path: Path, case: str) -> None:
    path = tmp_path / ("a.npz" if case in ARCHIVES else "a.json")
    path.write_bytes(ARCHIVES.get(case) or TEXTS[case].encode())
    with pytest.raises(DataError, match=r"a\.(npz|json) holds no activations: .+\.$") as error:
        load_activations(path)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        load_activations(tmp_path / "a.npz")
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(DataError, match="cannot be read"):
        load_activations(tmp_path / "folder.npz")
    with pytest.raises(DataError, match="cannot be written"):
        save_activations(tmp_path / "nowhere" / "a.npz", {})
