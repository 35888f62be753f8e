"""`python -m attnviz.evidence.shipping` measures the networks that ship and writes what the page Evidence shows.

All test reviews are read. Leaving words out takes as many readings as a review has words: for that 1,000 are drawn.
Folders of results that are there already are taken as they are, so that a run that was broken off goes on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from attnviz.evidence.evidence_run import Evidence, measure_evidence
from attnviz.evidence.network_summary import SHIPPED, summarise, write_summary
from attnviz.models.registry import MODELS
from attnviz.processes import switch_off_onednn

DRAWN = 1_000


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=Path("evidence"), help="the folder of the folders of results")
    parser.add_argument("networks", nargs="*", metavar="NAME", help="default: all text networks of the table")
    options = parser.parse_args()
    switch_off_onednn()
    for name in options.networks or [spec.name for spec in MODELS.values() if spec.task == "reviews"]:
        print(write_summary(SHIPPED, summarise(_measure(name, options.results), MODELS[name].labels)))


def _measure(name: str, results: Path) -> list[Path]:
    found: list[Evidence] = [
        measure_evidence(name, results / name, without=("occlusion",)),
        measure_evidence(name, results / f"{name}-occlusion", texts=DRAWN),
    ]
    return [one.folder for one in found]


if __name__ == "__main__":
    main()
