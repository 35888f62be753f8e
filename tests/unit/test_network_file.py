"""The network file: what it holds, from a checkpoint and from memory, and which networks have none."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attnviz.backend import keras
from attnviz.errors import CheckpointError, SettingError
from attnviz.living.exported_layers import KINDS, NotExportable, export_layers
from attnviz.living.half_precision import measure_float16
from attnviz.living.network_file import MAGIC, export_classifier, export_model, export_network
from attnviz.models.architectures import build_model
from attnviz.models.registry import MODELS, get_spec
from attnviz.runs.checkpoint import read_checkpoint
from attnviz.runs.loading import build_classifier
from attnviz.text.vocabulary import SPECIAL_WORDS, Vocabulary
from attnviz.web.linker import FOLDER
from tests.conftest import ROOT
from tests.unit.test_imports import loaded_by

WORDS = Vocabulary((*SPECIAL_WORDS, "fine", "film", "na\ud800ïve"))


def split(content: bytes) -> tuple[dict[str, Any], bytes]:
    """The header and the weights of a file."""
    assert content.startswith(MAGIC)
    start = len(MAGIC) + 4
    size = int.from_bytes(content[len(MAGIC) : start], "little")
    return json.loads(content[start : start + size]), content[start + size :]


def make(name: str) -> keras.Model:
    keras.utils.set_random_seed(0)
    return build_model(name, vocabulary_size=len(WORDS))


@pytest.mark.parametrize("name", [name for name, spec in MODELS.items() if spec.task == "reviews"])
def test_a_network_in_memory_and_its_file_have_the_same_weights(name: str, tmp_path: Path) -> None:
    from attnviz.living.saved_weights import read_saved

    model = make(name)
    model.save(tmp_path / "model.keras")
    header, weights = split(export_model(model, WORDS, get_spec(name)))
    layers, saved = read_saved(tmp_path / "model.keras")
    flat = np.concatenate([array.ravel() for arrays in saved for array in arrays])
    np.testing.assert_array_equal(np.frombuffer(weights, "<f4"), flat)
    assert header["bytes"] == len(weights) == 4 * model.count_params()
    assert header["vocabulary"] == list(WORDS)
    assert [layer["name"] for layer in header["layers"]] == [layer.name for layer in layers]
    classifier = build_classifier(model, WORDS, get_spec(name), name)
    assert split(export_classifier(classifier))[0] == header


def test_a_shipped_network_is_exported_without_tensorflow() -> None:
    code = (
        "from attnviz.living.network_file import export_network\n"
        "from attnviz.runs.library import find_checkpoint\n"
        "assert export_network(find_checkpoint('stars')).startswith(b'ATTNVIZN')"
    )
    assert loaded_by(code).isdisjoint({"tensorflow", "keras", "streamlit"})


def test_float16_halves_the_file_and_names_the_same_network() -> None:
    checkpoint = read_checkpoint(ROOT / "checkpoints" / "stars")
    (whole, full), (half, rounded) = (split(export_network(checkpoint, dtype)) for dtype in ("float32", "float16"))
    assert whole["sha256"] == half["sha256"]
    assert 2 * len(rounded) == pytest.approx(len(full), abs=20)
    assert 0 < measure_float16(checkpoint) < 0.01
    with pytest.raises(SettingError, match="not 'int8'"):
        export_network(checkpoint, "int8")  # type: ignore[arg-type]


def test_what_the_browser_does_not_compute_is_named() -> None:
    with pytest.raises(NotExportable, match="columns of numbers"):
        export_network(read_checkpoint(ROOT / "checkpoints" / "column"))
    ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(len(WORDS), 4, name="vectors")(ids)
    for layer, reason in (
        (keras.layers.GRU(3, name="memory"), r"does not know its layer 'memory' \(GRU\)"),
        (keras.layers.LSTM(3, activation="relu", name="memory"), "knows no activation 'relu', as its layer 'memory'"),
        (keras.layers.Bidirectional(keras.layers.GRU(3)), "with LSTM layers only, not with GRU"),
        (keras.layers.Bidirectional(keras.layers.LSTM(3), merge_mode="sum"), "merge_mode 'sum'"),
        (keras.layers.LSTM(3, name="memory"), "its last layer 'memory' gives no probabilities"),
    ):
        model = keras.Model(ids, layer(vectors))
        with pytest.raises(NotExportable, match=reason):
            export_layers(json.loads(model.to_json()))
    with pytest.raises(NotExportable, match="Sequential model"):
        export_layers(json.loads(keras.Sequential([keras.layers.Dense(1)]).to_json()))


def test_weights_that_are_no_numbers_and_a_wrong_vocabulary_are_refused() -> None:
    model = make("stars")
    with pytest.raises(NotExportable, match="vocabulary is not that"):
        export_model(model, Vocabulary(SPECIAL_WORDS), get_spec("stars"))
    model.layers[-1].bias.assign(np.full(4, np.nan))
    with pytest.raises(NotExportable, match="weights of 'probabilities' are not finite"):
        export_model(model, WORDS, get_spec("stars"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive"])
def test_a_damaged_checkpoint_is_told(content: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "stars"
    shutil.copytree(ROOT / "checkpoints" / "stars", folder)
    checkpoint = read_checkpoint(folder)
    (folder / "model.keras").write_bytes(content)
    with pytest.raises(CheckpointError, match="holds no weights that can be read"):
        export_network(checkpoint)


def test_the_browser_knows_every_kind_of_the_table() -> None:
    source = "".join((FOLDER / file).read_text("utf-8") for file in ("network_layers.js", "network_run.js"))
    for kind in KINDS.values():
        assert re.search(rf"^  {kind.name}\b|'{kind.name}'", source, re.MULTILINE), kind.name


def test_the_committed_kernel_is_what_its_text_assembles_to(tmp_path: Path) -> None:
    assembler = shutil.which("wat2wasm")
    if assembler is None:
        pytest.skip("no wat2wasm on this machine (Debian: apt-get install wabt)")
    assembled = tmp_path / "kernel.wasm"
    subprocess.run([assembler, str(FOLDER / "kernel.wat"), "-o", str(assembled)], check=True)
    committed = "".join(re.findall(r"'([^']*)'", (FOLDER / "kernel_bytes.js").read_text("utf-8")))
    assert assembled.read_bytes() == base64.b64decode(committed)
