"""How often each kind of map passes the verdict 'Does the highlight explain the answer?' on test reviews; see `MAPS`.

`python -m benchmarks.verdicts [TEXTS] [NETWORK ...]` prints it in Markdown: how many of the texts get 'Yes', how many
'Yes' or 'Partly', and what comes of two tests without the agreement with other methods, which 'Yes' needs as well.
The reviews are drawn with a fixed seed; ATTNVIZ_IMDB says where they are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from attnviz.data.imdb import load_imdb
from attnviz.explain.explainer import Explainer
from attnviz.explain.measures import REFERENCES, measure_faithfulness
from attnviz.render.verdict import NOT_SHOWN, PARTLY, YES, judge
from attnviz.runs.loading import load
from attnviz.values.arrays import FloatArray
from attnviz.values.explanation import Explanation

TEXTS, NETWORKS = 60, ("word-additive", "lstm-dot", "luong", "bilstm-additive")

MAPS = ("attention", "reversed", "random", "shifted", "occlusion")
"""The attention, its ranks turned round, random scores, the attention on other words, and leaving out each word."""


Verdict = tuple[str, str]
"""The whole one, and that of the two tests alone."""


def judge_reviews(explainer: Explainer, texts: int) -> Iterator[dict[str, Verdict]]:
    """The verdict on each kind of map, of each review."""
    reviews = load_imdb().test.texts
    for place in np.random.default_rng(13).permutation(len(reviews))[:texts].tolist():
        explained = explainer.explain(reviews[place])
        if len(explained.scores) > 1:
            yield judge_maps(explainer, explained, np.random.default_rng((13, place)))


def judge_maps(explainer: Explainer, explained: Explanation, random: np.random.Generator) -> dict[str, Verdict]:
    """The verdict on each kind of map, of one text."""
    gradient, occlusion = (explainer.explain(explained.text, method) for method in REFERENCES)
    made = [replace(explained, scores=scores) for scores in make_maps(explained.scores, random)]
    found = [measure_faithfulness(explainer.classifier, one, [gradient, occlusion]) for one in made]
    found.append(measure_faithfulness(explainer.classifier, occlusion, [gradient]))
    return {kind: (judge(one), judge(replace(one, agreement={}))) for kind, one in zip(MAPS, found, strict=True)}


def make_maps(scores: FloatArray, random: np.random.Generator) -> Iterator[FloatArray]:
    """All of MAPS but the last one."""
    yield scores
    yield -scores
    yield random.random(len(scores), dtype=np.float32)
    yield np.roll(scores, random.integers(1, len(scores)))


def describe(name: str, verdicts: list[dict[str, Verdict]]) -> Iterator[str]:
    """A line of the table for each kind of map."""
    for kind in MAPS:
        whole, tests = ([one[kind][part] for one in verdicts] for part in (0, 1))
        counts = whole.count(YES), tests.count(YES), tests.count(YES) + tests.count(PARTLY)
        shares = " | ".join(f"{count / len(whole):.1%}" for count in counts)
        yield f"| {name} | {kind} | {len(whole)} | {shares} |"
    trusted = [one["reversed"][0] == NOT_SHOWN for one in verdicts if one["attention"][0] == YES]
    yield f"| {name} | reversed, where attention gets 'Yes': 'Not shown' in {sum(trusted)} | {len(trusted)} | | | |"


if __name__ == "__main__":
    count, *names = sys.argv[1:] or [str(TEXTS)]
    print("| network | map | texts | 'Yes' | both tests | any test |\n|---|---|---:|---:|---:|---:|")
    for network in names or NETWORKS:
        print("\n".join(describe(network, list(judge_reviews(load(network), int(count))))), flush=True)
