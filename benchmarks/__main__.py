"""`python -m benchmarks`: prints the tables in Markdown and writes benchmarks/results.json.

`python -m benchmarks --against FOLDER` compares this checkout with the one in that folder instead.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import resource
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

import numpy as np

from attnviz.backend import keras
from attnviz.evidence.corpus_methods import FIXED
from attnviz.evidence.corpus_part import Part
from attnviz.evidence.part_plan import PART
from attnviz.evidence.text_measures import TextMeasures
from attnviz.explain.explainer import Explainer
from attnviz.graph.activations import get_activations
from attnviz.lab.lab_run import train_column
from attnviz.models.architectures import build_model
from attnviz.models.fused_lstm import fuse_lstms
from attnviz.models.registry import get_spec
from attnviz.runs.loading import load
from attnviz.training.batches import pad
from attnviz.training.encoded_reviews import EncodedReviews, training_dataset
from attnviz.training.halves import split_in_halves
from attnviz.training.process import prepare_training_process
from attnviz.training.text_training import compile_for_training
from attnviz.training.versions import get_versions
from attnviz.values.methods import pick_typed
from benchmarks.adding_model import measure_adding
from benchmarks.browser import measure_app
from benchmarks.browser_network import measure_networks, networks_to_markdown
from benchmarks.checkouts import checkouts_to_markdown, compare_checkouts, find_slower
from benchmarks.compared_methods import compare_methods, compare_wrapped
from benchmarks.living_page import measure_living_pages
from benchmarks.measure import Growth, Row, compare, growth_to_markdown, timed, to_markdown
from benchmarks.own_data import measure_reading
from benchmarks.remote import Remote, start_baseline, start_peer
from benchmarks.serve import make_step_clock
from benchmarks.texts import draw_ids, draw_lengths, draw_texts

RESULTS = Path(__file__).parent / "results.json"
BATCHES = 20


def main() -> None:
    """The benchmark, or with --against the comparison of two checkouts, which fails if a row became slower."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="a checkout to compare with")
    parser.add_argument("--rows", default="", metavar="TEXT", help="with --against: only rows whose name contains it")
    options = parser.parse_args()
    if options.against is None:
        measure_everything()
        return
    rows = compare_checkouts(options.against, options.rows)
    print(checkouts_to_markdown(rows))
    sys.exit(bool(find_slower(rows)))


def measure_everything() -> None:
    """Run every comparison, then how time grows with the size of the input."""
    prepare_training_process()
    gc.freeze()
    baseline, peer = start_baseline(), start_peer()
    rows: list[Row] = []
    try:
        for section in (one_review, many_reviews, toy, training_steps, activations, brought_models):
            for row in section(baseline, peer):
                print(f"{row.what}: {row.ratio:.1f}x {row.baseline}", file=sys.stderr)
                rows.append(row)
    finally:
        baseline.close()
        peer.close()
    growth = list(grow())
    app = [*measure_app(), *measure_adding(), *measure_living_pages(), *measure_reading()]
    networks = measure_networks()
    machine = {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(), **get_versions()}
    record = {
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": machine,
        "rows": [row.to_dict() for row in rows],
        "growth": [row.to_dict() for row in growth],
        "app": [figure.to_dict() for figure in app],
        "networks": networks,
    }
    RESULTS.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(", ".join(f"{name} {value}" for name, value in machine.items()) + "\n")
    print(to_markdown(rows) + "\n")
    print(growth_to_markdown(growth) + "\n")
    print("| the app in Chromium | |\n|---|---:|")
    print("\n".join(map(str, app)) + "\n")
    print(networks_to_markdown(networks))


def one_review(baseline: Remote, peer: Remote) -> Iterator[Row]:
    """Raw text to probability and scores, in a warm process, against `model.predict` on the ids alone."""
    for name in ("luong", "bilstm-additive", "lstm-dot"):
        explainer = load(name)
        explainer.warm_up()
        (text,) = draw_texts([200], explainer.classifier.reader.vocabulary)
        for method in pick_typed(explainer.methods):
            yield compare(
                f"{name}: {method} of a review of 200 words",
                timed(_explain(explainer, text, method), repeat=5),
                "`model.predict`",
                baseline.timed("predict", repeat=5, network=name, lengths=[200], steps=None, batch_size=1),
                rounds=9,
            )


def many_reviews(baseline: Remote, peer: Remote) -> Iterator[Row]:
    """Raw texts to probabilities and scores, against `model.predict` on the ids, padded."""
    explainer = load("luong")
    lengths = draw_lengths(25_000)
    texts = draw_texts(lengths, explainer.classifier.reader.vocabulary)
    yield compare(
        f"luong: attention of {len(texts):,} reviews from raw text",
        timed(lambda: sum(1 for _ in explainer.explain_stream(texts))),
        "`model.predict`, padded to 500",
        baseline.timed("predict", network="luong", lengths=lengths, steps=500, batch_size=32),
        rounds=2,
    )


def toy(baseline: Remote, peer: Remote) -> Iterator[Row]:
    """20 epochs of 250 batches with all measures, warm."""
    ours = timed(lambda: train_column(seed=0))
    yield compare("column: 20 epochs", ours, "`model.fit`", baseline.timed("fit_column"), rounds=5)


def training_steps(baseline: Remote, peer: Remote) -> Iterator[Row]:
    """A training step, the mean of BATCHES, on reviews as long as real ones; the others pad them all to the longest."""
    for name, batch_size in (("luong", 64), ("bilstm-additive", 128)):
        ours = timed(_train(name, batch_size))
        arguments = {"network": name, "batch_size": batch_size, "batches": BATCHES}
        what = f"{name}: a training step of {batch_size} reviews"
        yield compare(what, ours, "the tutorials' packages", peer.timed("train", **arguments), rounds=3)
        yield compare(what, ours, "`model.fit`, stock Keras 3", baseline.timed("train", **arguments), rounds=3)


def activations(baseline: Remote, peer: Remote) -> Iterator[Row]:
    """Every layer's output for one review."""
    model = build_model("luong")
    ids = pad(draw_ids([500], 5_000))
    yield compare(
        "luong: all activations of a review of 500 words",
        timed(lambda: get_activations(model, ids)),
        "keract",
        peer.timed("activations", network="luong"),
        rounds=5,
    )


def brought_models(baseline: Remote, peer: Remote) -> Iterator[Row]:
    """A model of somebody's own, and methods of other libraries."""
    yield from compare_wrapped()
    yield from compare_methods()


def grow() -> Iterator[Growth]:
    """Time, and the process's largest memory so far, as the input grows."""
    explainer = load("luong")
    vocabulary = explainer.classifier.reader.vocabulary
    for words in (20, 200, 2_000, 20_000):
        yield _growth(
            f"one text of {words:,} words", draw_texts([words], vocabulary), explainer.explain_batch, rounds=7
        )
    for batch in (1, 32, 1_024):
        texts = draw_texts([200] * batch, vocabulary)
        yield _growth(f"a batch of {batch:,} reviews of 200 words", texts, explainer.explain_batch)
    for count in (100, 2_500, 25_000):
        texts = draw_texts(draw_lengths(count), vocabulary)
        yield _growth(f"a stream of {count:,} reviews", texts, lambda t: sum(1 for _ in explainer.explain_stream(t)), 1)
    measures = TextMeasures(explainer, ("attention", "gradient", FIXED))
    for count in (500, 2_000):
        texts = draw_texts(draw_lengths(count), vocabulary)
        yield _growth(f"evidence of {count:,} reviews, without occlusion", texts, partial(_measure, measures), 1)


def _growth(what: str, texts: list[str], call: Callable[[list[str]], object], rounds: int = 3) -> Growth:
    run = timed(lambda: call(texts))
    if rounds > 1:
        run()
    seconds = [run() for _ in range(rounds)]
    print(f"{what}: {min(seconds) * 1000:.1f} ms", file=sys.stderr)
    return Growth(what, len(texts), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def _measure(measures: TextMeasures, texts: list[str]) -> None:
    """In parts, with no words left out and no other attention searched, as most texts of a large run."""
    for number, start in enumerate(range(0, len(texts), PART)):
        part = texts[start : start + PART]
        nobody = np.zeros(len(part), bool)
        measures.measure(Part(number, np.arange(len(part)), part, np.ones(len(part), np.int64), nobody, nobody))


def _explain(explainer: Explainer, text: str, method: str) -> Callable[[], object]:
    return lambda: explainer.explain(text, method)


def _train(name: str, batch_size: int) -> Callable[[], float]:
    spec = get_spec(name)
    rows = draw_ids([min(length, spec.steps) for length in draw_lengths(BATCHES * batch_size)], spec.vocabulary_size)
    labels = np.random.default_rng(0).integers(0, 2, size=len(rows)).astype(np.float32)
    model = split_in_halves(fuse_lstms(build_model(name)))
    compile_for_training(model, spec.recipe, BATCHES)
    batches = training_dataset(EncodedReviews(rows, labels), batch_size, np.random.default_rng(0))
    clock = make_step_clock(keras)

    def step() -> float:
        model.fit(batches, steps_per_epoch=BATCHES, shuffle=False, verbose=0, callbacks=[clock])
        return clock.seconds_a_step

    return step


if __name__ == "__main__":
    main()
