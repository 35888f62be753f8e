"""LIME and SHAP in the process of a brought model, from which files, network and memory are taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from attnviz.engine.own_explainers import OwnExplainers
from attnviz.engine.own_process import EXAMINE_SECONDS, read_answer
from attnviz.engine.protocol import ExamineModel
from attnviz.foreign.wrapping import wrap
from attnviz.runs.own_models import OwnModelSettings, stage_model
from attnviz.values.methods import METHODS
from tests import tutorial_models

WORDS = ["<pad>", "[UNK]", *(f"w{number}" for number in range(2, tutorial_models.VOCABULARY))]
TEXT = "w5 w17 w3 w99 w100 w7"

pytestmark = pytest.mark.skipif(
    not (METHODS["lime"].is_installed and METHODS["shap"].is_installed), reason="LIME and SHAP need the extras"
)


@pytest.fixture
def own(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnExplainers]:
    monkeypatch.setenv("ATTNVIZ_CHECKPOINTS", str(tmp_path / "library"))
    monkeypatch.setenv("ATTNVIZ_CACHE", str(cache))
    own = OwnExplainers()
    yield own
    own.close()


def test_they_are_what_they_are_outside_and_their_cost_is_told(tmp_path: Path, own: OwnExplainers) -> None:
    model = tutorial_models.build("gru")
    model.save(tmp_path / "gru.keras")
    staged = stage_model("gru.keras", tmp_path / "gru.keras", ("words.txt", "\n".join(WORDS).encode()))
    examine = ExamineModel(str(staged.folder), OwnModelSettings("gru"))
    answer = own.forward(examine, None)
    answer.exception(EXAMINE_SECONDS)
    assert {"lime", "shap"} <= {*read_answer(examine, answer).methods}
    inside, outside = own.request(staged.name).result(EXAMINE_SECONDS), wrap(model, WORDS)
    cost = inside.estimate_cost(TEXT, ["lime", "shap"])
    assert (cost.readings, cost.unloaded) == (1_000 + 33, ("lime", "shap"))
    for method in ("lime", "shap"):
        found, expected = inside.recall(TEXT, method), outside.explain(TEXT, method)
        np.testing.assert_allclose(found.scores, expected.scores, atol=1e-5)
