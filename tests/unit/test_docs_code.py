"""The code in the guides runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import attnviz
from attnviz.backend import keras

DOCS = Path(attnviz.__file__).parents[1] / "docs"
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("guide", sorted(DOCS.glob("*.md")), ids=lambda path: path.stem)
def test_a_guides_code_runs(guide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All its blocks, one after the other, in one module."""
    monkeypatch.chdir(tmp_path)
    keras.utils.set_random_seed(0)
    blocks = BLOCK.findall(guide.read_text(encoding="utf-8"))
    assert blocks
    exec(compile("\n".join(blocks), guide.name, "exec"), {"__name__": "guide"})


@pytest.mark.parametrize("guide", sorted(DOCS.glob("*.md")), ids=lambda path: path.stem)
def test_a_guide_names_only_what_there_is(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    for name in set(re.findall(r"attnviz\.(\w+)\(", text)):
        assert hasattr(attnviz, name), name
    for path in set(re.findall(r"`(tests/\S+?\.py)`", text)):
        assert (DOCS.parent / path).is_file(), path
