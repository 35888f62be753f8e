"""From a network and a corpus to a folder of results: what is missing there is measured, then the table is made."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnviz.errors import SettingError
from attnviz.evidence.corpus import Corpus, load_own_test_texts, load_test_reviews, read_corpus
from attnviz.evidence.corpus_methods import choose_methods
from attnviz.evidence.corpus_part import Part, Values
from attnviz.evidence.corpus_table import make_table
from attnviz.evidence.executors import Executor, HereExecutor, Job, run_tasks
from attnviz.evidence.part_plan import Parts, Plan
from attnviz.evidence.ray_tasks import RayTasks, check_ray, measure_part
from attnviz.evidence.results_folder import ResultsFolder, read_record, read_values, read_words
from attnviz.evidence.worker_processes import WorkerProcesses, count_processes
from attnviz.runs.checkpoint import Checkpoint
from attnviz.runs.library import find_checkpoint, find_folder
from attnviz.runs.own_record import is_own_folder
from attnviz.runs.provenance import get_provenance
from attnviz.training.versions import get_versions
from attnviz.values.corpus_measures import Row

if TYPE_CHECKING:
    import pandas as pd
    from tqdm import tqdm

    from attnviz.explain.explainer import Explainer


@dataclass(frozen=True)
class Evidence:
    """What a folder of results says.

    Attributes:
        folder: where it is.
        rows: the measures over all texts.
        record: what made them; see `results_folder`.
    """

    folder: Path
    rows: tuple[Row, ...]
    record: Mapping[str, Any]

    def to_frame(self) -> pd.DataFrame:
        """A row a measure."""
        import pandas as pd

        return pd.DataFrame([row.to_dict() for row in self.rows])

    @property
    def values(self) -> pd.DataFrame:
        """A row a text."""
        return read_values(self.folder)

    @property
    def words(self) -> pd.DataFrame | None:
        """A row for each label that was answered and each word, see `word_use`; None where there are no such words."""
        return read_words(self.folder)

    def find(self, measure: str, of: str = "") -> Row | None:
        """One row, None if there is none."""
        return next((row for row in self.rows if (row.measure, row.of) == (measure, of)), None)


def measure_evidence(
    network: str | Path | Explainer,
    out: str | Path | None = None,
    *,
    texts: int | None = None,
    data: str | Path | None = None,
    text: str | None = None,
    label: str | None = None,
    methods: Sequence[str] | None = None,
    without: Sequence[str] = (),
    seed: int = 0,
    processes: int | None = None,
    ray: str | None = None,
    progress: bool | None = None,
    report: Callable[[int, int], None] | None = None,
    apart: bool = False,
) -> Evidence:
    """What a network attends to over many texts, and whether it needs it.

    What is there already of a run that was broken off is not measured again. The numbers do not depend on who measures.

    Args:
        network: the name or folder of a checkpoint; or an explainer, which measures in this process.
        out: the folder of the results; by default 'evidence-NAME' in the working folder.
        texts: how many are drawn from the corpus; by default all.
        data: a file of texts; by default the test part of the data set that the network learned, of the reviews 25,000.
        text, label: the columns of the texts and of the right answers; by default found by their names.
        methods: of CORPUS_METHODS; by default all that the network offers, but for integrated gradients.
        without: those of them that are left out. Occlusion reads a text as often as it has words.
        seed: of what is drawn at random, the texts included.
        processes: how many of this machine measure; by default one a core, as far as memory allows.
        ray: an address of a cluster that measures, or '' for workers on this machine; None for no Ray.
        progress: whether to show progress on standard error; by default if that is a terminal.
        report: told how many texts are done, and of how many. What it raises ends the run; what is done stays.
        apart: whether others measure even where it is one process, so that this one needs no TensorFlow.

    Raises:
        UnknownNameError, CheckpointError: of the network or of a method.
        DataError: of the data or the folder. SettingError: of any other argument.
        EngineError: the processes that measure end again and again.
    """
    subject = _find_subject(network)
    plan = Plan(choose_methods(subject.offered, methods, without), texts, seed)
    if ray is not None:
        check_ray()
    corpus = _find_corpus(subject, data, text, label)
    parts = Parts(corpus, plan)
    folder = ResultsFolder(Path(out or f"evidence-{subject.name}"), _describe(subject, corpus, plan, len(parts.order)))
    if not folder.is_finished:
        _measure_missing(folder, parts, subject, plan, _Workers(processes, ray, apart), progress, report)
    rows = make_table(read_values(folder.path), seed)
    folder.write_tables([row.to_dict() for row in rows])
    return Evidence(folder.path, tuple(rows), read_record(folder.path))


@dataclass(frozen=True)
class _Subject:
    """What is measured: a checkpoint, or an explainer of the caller.

    `learned` is the digest of the data set of somebody's own that it learned; '' where it learned the reviews.
    """

    name: str
    labels: tuple[str, ...]
    offered: tuple[str, ...]
    description: Mapping[str, Any]
    place: str = ""
    answer: Any = "sentiment"
    explainer: Any = None
    learned: str = ""
    vocabulary: Sequence[str] = ()


def _find_subject(network: str | Path | Explainer) -> _Subject:
    if isinstance(network, (str, Path)):
        if is_own_folder(find_folder(network)):
            raise SettingError(
                f"{network} is a model of your own, which runs in a process apart: in Python, give what attnviz.wrap "
                "makes of it to attnviz.measure_evidence."
            )
        return _describe_checkpoint(find_checkpoint(network))
    from attnviz.explain.explainer import Explainer

    if not isinstance(network, Explainer):
        raise SettingError(f"A network is the name of a checkpoint or an Explainer, not {type(network).__name__}.")
    described = {"name": network.name, "sha256": {"weights": _hash_weights(network)}}
    words = getattr(getattr(network.classifier, "reader", None), "vocabulary", ())
    return _Subject(network.name, network.labels, network.methods, described, explainer=network, vocabulary=words)


def _hash_weights(explainer: Explainer) -> str | None:
    """sha256 of all weights, in hexadecimal digits; None of a classifier that shows none."""
    model = getattr(explainer.classifier, "model", None)
    if model is None:
        return None
    digest = hashlib.sha256()
    for weight in model.weights:
        digest.update(f"{weight.path} {tuple(weight.shape)}".encode())
        digest.update(weight.numpy().tobytes())
    return digest.hexdigest()


def _describe_checkpoint(checkpoint: Checkpoint) -> _Subject:
    spec = checkpoint.spec
    if spec.task != "reviews":
        raise SettingError(f"{checkpoint.name} reads columns of numbers, not text.")
    described = get_provenance(checkpoint).checkpoint
    place = str(checkpoint.folder.resolve())
    learned = str(checkpoint.run.data.get("digest")) if spec.data else ""
    subject = _Subject(checkpoint.name, spec.labels, spec.methods, described, place, spec.answer)
    return replace(subject, learned=learned, vocabulary=checkpoint.vocabulary)


def _find_corpus(subject: _Subject, data: str | Path | None, text: str | None, label: str | None) -> Corpus:
    if data is not None:
        return read_corpus(Path(data), subject.labels, text, label)
    if text is not None or label is not None:
        raise SettingError("Columns are those of a file: give data (--data FILE), too.")
    if subject.explainer is not None and len(subject.labels) != 2:
        raise SettingError(
            f"{subject.name} has {len(subject.labels)} labels, the reviews have 2: give data of your own."
        )
    return load_own_test_texts(subject.learned) if subject.learned else load_test_reviews(subject.answer)


def _describe(subject: _Subject, corpus: Corpus, plan: Plan, count: int) -> dict[str, Any]:
    known = int((corpus.answers >= 0).sum())
    return {
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
        "network": dict(subject.description),
        "data": {"name": corpus.name, "sha256": corpus.digest, "texts": len(corpus), "with_answer": known},
        "settings": asdict(plan),
        "n": count,
        "versions": get_versions(),
    }


@dataclass(frozen=True)
class _Workers:
    """Who is asked to measure."""

    processes: int | None
    ray: str | None
    apart: bool = False

    def build(self, subject: _Subject, plan: Plan, parts: int) -> Executor[Part, Values]:
        """Them; not more processes than parts that are missing."""
        if self.processes is not None and self.processes < 1:
            raise SettingError(f"processes must be 1 or more, got {self.processes}.")
        job = Job(subject.place, subject.description["sha256"], plan.methods, plan.seed)
        if subject.explainer is not None:
            return self._build_here(subject, plan)
        if self.ray is not None:
            return RayTasks(partial(measure_part, job), self.ray, self.processes)
        count = min(self.processes or count_processes(), parts)
        return WorkerProcesses(job, count) if count > 1 or self.apart else self._build_here(subject, plan)

    def _build_here(self, subject: _Subject, plan: Plan) -> Executor[Part, Values]:
        from attnviz.evidence.text_measures import TextMeasures

        if subject.explainer is None:
            from attnviz.runs.loading import load

            return HereExecutor(TextMeasures(load(subject.place), plan.methods, plan.seed))
        if self.ray is not None or (self.processes or 1) > 1:
            raise SettingError("An explainer measures in this process: give the name of a checkpoint to use others.")
        return HereExecutor(TextMeasures(subject.explainer, plan.methods, plan.seed))


def _measure_missing(
    folder: ResultsFolder,
    parts: Parts,
    subject: _Subject,
    plan: Plan,
    workers: _Workers,
    progress: bool | None,
    report: Callable[[int, int], None] | None,
) -> None:
    """Measure the parts that are not there and put all together."""
    start = time.monotonic()
    with folder.reserve():
        done = folder.find_done()
        missing = [number for number in range(len(parts)) if number not in done]
        measured = parts.count_all(done)
        executor = workers.build(subject, plan, len(missing))
        with closing(executor), _show(parts, done, progress) as bar:
            for part, values in run_tasks(executor, map(parts.__getitem__, missing)):
                folder.save_part(part, values)
                bar.update(len(part.ids))
                measured += len(part.ids)
                if report is not None:
                    report(measured, len(parts.order))
    who = {"executor": type(executor).__name__, "processes": executor.workers, "cores": os.cpu_count() or 1}
    seconds = round(time.monotonic() - start, 1)
    counts = {"parts_measured": len(missing), "parts_found": len(done)}
    folder.finish(len(parts), {"seconds": seconds, **counts, **who}, subject.vocabulary)


def _show(parts: Parts, done: set[int], progress: bool | None) -> tqdm:
    """A bar with the time that is left."""
    from tqdm import tqdm

    there = parts.count_all(done)
    hidden = not (sys.stderr.isatty() if progress is None else progress)
    return tqdm(total=len(parts.order), initial=there, unit="text", disable=hidden, file=sys.stderr)
