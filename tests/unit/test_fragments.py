"""Parts of a page that run again by themselves."""

from __future__ import annotations

from pathlib import Path

import attnviz.ui


def test_every_part_that_runs_again_has_a_place_of_its_own() -> None:
    """`show_part` says why: without one, a page ended about once in fifty first visits on a busy machine."""
    sources = Path(attnviz.ui.__file__).parent.rglob("*.py")
    assert [path.name for path in sources if "st.fragment" in path.read_text(encoding="utf-8")] == ["state.py"]
