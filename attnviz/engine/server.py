"""The engine process: loads TensorFlow once, then answers requests until its parent's pipe closes.

Requests are read while TensorFlow is still loading and wait in their lanes, so that neither a retraining of the toy
network nor a measurement of faithfulness nor a whole file of reviews keeps a typed review waiting; in a lane requests
run one at a time, in order, and a newer request of the same editor replaces one that has not started.
"""

from __future__ import annotations

import gc
import math
import os
import sys
import threading
import time
import traceback
import weakref
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from queue import SimpleQueue
from typing import Any, BinaryIO

from attnviz.engine.wire import Message, describe_error, read_message, write_message
from attnviz.errors import Superseded, UnknownNameError
from attnviz.models.registry import METHODS
from attnviz.runs.library import find_checkpoint, find_folder, get_marks
from attnviz.values.plain import to_plain

Answer = Callable[[Message], None]

_QUIET_SECONDS = 2.0
"""Nothing is compiled ahead of use until nobody has typed for so long."""

_LOADED_MODELS = 8
"""How many networks stay in memory; each takes about 35 MB warmed up, which TensorFlow keeps when it gives way."""

_KEPT_RUNS = 8
"""How many runs of the Column lab stay in memory, to look inside them."""

_BULK_QUIET_SECONDS, _BULK_WAIT_SECONDS = 0.5, 2.0
"""The next of many reviews wait until nobody has typed for so long; but if many people type, not for ever."""

_LANES = {
    **dict.fromkeys(("train_task", "repeat_task", "inspect_task"), "train"),
    **dict.fromkeys(("measure", "erase", "find_adversarial_attention", "compare", "compare_texts"), "measure"),
    **dict.fromkeys(("predict_reviews", "explain_reviews"), "bulk"),
}
"""The lane of an operation, if it is not that of the typed reviews."""


def main() -> None:
    """Serve on standard input and output. Whatever else prints to standard output goes to standard error."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(requests, answers)
    os._exit(0)  # TensorFlow's threads would delay a normal exit


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer the messages of `requests` until it ends."""
    writing = threading.Lock()

    def answer(message: Message) -> None:
        with writing:
            write_message(answers, message)

    loaded = threading.Event()
    operations = _Operations()
    lanes = {name: Lane(name, operations, loaded, answer) for name in ("explain", *set(_LANES.values()))}
    threading.Thread(target=_load, args=(operations, loaded, answer), name="load", daemon=True).start()
    while (message := read_message(requests)) is not None:
        lanes[_LANES.get(str(message.get("op")), "explain")].put(message)


def _load(operations: _Operations, loaded: threading.Event, answer: Answer) -> None:
    try:
        operations.load()
    except BaseException:  # without TensorFlow no request can be answered; the page shows the last line of this
        traceback.print_exc()
        os._exit(1)
    loaded.set()
    answer({"event": "ready"})
    operations.warm_up_for_ever()


class Lane:
    """A queue of requests and the thread that works through it."""

    def __init__(self, name: str, operations: _Operations, loaded: threading.Event, answer: Answer) -> None:
        self._operations, self._loaded, self._answer = operations, loaded, answer
        self._waiting: OrderedDict[Any, Message] = OrderedDict()
        self._changed = threading.Condition()
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def put(self, message: Message) -> None:
        """Queue a request; an unstarted older one of the same editor is answered with Superseded.

        The newer one keeps its place: sent to the back each time, an editor that is faster than the queue would starve.
        """
        key = ("editor", message["editor"]) if message.get("editor") else ("id", message["id"])
        with self._changed:
            old = self._waiting.get(key)
            self._waiting[key] = message  # a key that is there keeps its place
            self._changed.notify()
        if old is not None:
            self._answer({"id": old["id"], "error": describe_error(Superseded("A newer request took its place."))})

    def _work(self) -> None:
        self._loaded.wait()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._waiting))
                _, message = self._waiting.popitem(last=False)
            try:
                result = self._operations.run(message.get("op"), message.get("args") or {})
                self._answer({"id": message["id"], "result": result})
            except Exception as error:  # whatever went wrong is the answer, a result that is no JSON too
                self._answer({"id": message["id"], "error": describe_error(error)})


class _Operations:
    """What can be asked of the engine; every argument and result is plain data."""

    def __init__(self) -> None:
        self._explainers: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._finding = threading.Lock()
        self._cold: SimpleQueue[weakref.ref[Any]] = SimpleQueue()  # one that gave way may go
        self._asked = time.monotonic()
        self._runs: OrderedDict[Any, Any] = OrderedDict()

    def load(self) -> None:
        """Load TensorFlow; few threads for each operation suit the fused LSTM, and one for each lane keeps compiled
        programs from waiting for each other."""
        from attnviz.backend import tf

        tf.config.threading.set_intra_op_parallelism_threads(2)
        tf.config.threading.set_inter_op_parallelism_threads(max(2, os.cpu_count() or 2))

        gc.collect()
        gc.freeze()  # TensorFlow's half a million objects stay; collections need not look at them again

    def warm_up_for_ever(self) -> None:
        """Compile what is likely to be used next: the toy network's trainer, so that the first touch of a slider does
        not wait for it, and each network that was loaded. Somebody who is typing goes first."""
        self._asked = time.monotonic()  # what waited for TensorFlow is answered now
        self._wait_for_quiet()
        self.train_task(task="column")
        while True:
            self.warm_up_next()

    def warm_up_next(self) -> None:
        """Wait for a network that was loaded and warm it up, unless it has given way to others since."""
        explainer = self._cold.get()()
        with self._finding:
            kept = explainer in self._explainers.values()
        if explainer is not None and kept:
            explainer.warm_up(before_each=self._wait_for_quiet)

    def _wait_for_quiet(self, quiet: float = _QUIET_SECONDS, at_most: float = math.inf) -> None:
        until = time.monotonic() + at_most
        while (rest := min(self._asked + quiet, until) - time.monotonic()) > 0:
            time.sleep(rest)

    def run(self, op: Any, args: Mapping[str, Any]) -> Any:
        """Do one operation.

        Raises:
            UnknownNameError: no such operation.
        """
        table: dict[str, Callable[..., Any]] = {
            "explain": self.explain,
            "measure": self.measure,
            "erase": self.erase,
            "find_adversarial_attention": self.find_adversarial_attention,
            "compare": self.compare,
            "compare_texts": self.compare_texts,
            "train_task": self.train_task,
            "repeat_task": self.repeat_task,
            "inspect_task": self.inspect_task,
            "layers": self.layers,
            "predict_reviews": self.predict_reviews,
            "explain_reviews": self.explain_reviews,
            "trace": self.trace,
        }
        if op not in table:
            raise UnknownNameError("operation", op, table)
        return table[op](**args)

    def explain(self, model: str, text: str, method: str) -> dict[str, Any]:
        """An Explanation, as plain data."""
        self._asked = time.monotonic()
        return to_plain(self._explainer(model).explain(text, method))

    def measure(self, model: str, text: str, method: str) -> dict[str, Any]:
        """A Faithfulness, as plain data."""
        return to_plain(self._explainer(model).measure_faithfulness(text, method))

    def erase(self, model: str, text: str, method: str) -> dict[str, Any]:
        """An ErasureCurve, as plain data."""
        return to_plain(self._explainer(model).measure_erasure_curve(text, method))

    def find_adversarial_attention(self, model: str, text: str) -> dict[str, Any]:
        """An AdversarialAttention, as plain data."""
        return to_plain(self._explainer(model).find_adversarial_attention(text))

    def compare(self, models: Sequence[str], methods: Sequence[str], text: str) -> dict[str, Any]:
        """A Comparison, as plain data: every network with each of the methods that it offers."""
        from attnviz.explain.agreement import compare

        for method in methods:
            if method not in METHODS:
                raise UnknownNameError("method", method, METHODS)
        explainers = [self._explainer(model) for model in models]
        pairs = [(explainer, method) for explainer in explainers for method in methods if method in explainer.methods]
        return to_plain(compare([explainer.recall(text, method) for explainer, method in pairs]))

    def compare_texts(self, model: str, method: str, first: str, second: str) -> dict[str, Any]:
        """A TextComparison, as plain data."""
        from attnviz.values.comparison import compare_texts

        explainer = self._explainer(model)
        return to_plain(compare_texts(*(explainer.recall(text, method) for text in (first, second))))

    def trace(self, model: str, text: str, temperature: float, word: int | None, feature: int | None) -> dict[str, Any]:
        """A FollowedWord at the temperature, as plain data; None without words."""
        from attnviz.explain.followed_word import follow_word

        self._asked = time.monotonic()
        return to_plain(follow_word(self._explainer(model).trace(text, temperature), word, feature))

    def train_task(self, **settings: Any) -> dict[str, Any]:
        """A LabRun without its weights, with the first validation samples and the network's layers."""
        from attnviz.lab.tasks import get_validation_data

        run = self._run(settings)
        data = get_validation_data(run.settings)
        count = run.watched.shape[1]
        return {
            "history": {name: values.tolist() for name, values in run.history.columns.items()},
            "attention": _plain(run.attention),
            "watched": _plain(run.watched),
            "samples": {
                "x": _plain(data.x[:count]),
                "y": _plain(data.y[:count, 0]),
                "truth": data.truth[:count].tolist(),
            },
            "score": run.score,
            "chance": run.chance,
            "guess": run.majority_baseline,
            "cost": None if run.permutation_importance is None else _plain(run.permutation_importance),
            "seconds": run.seconds,
        }

    def repeat_task(self, **settings: Any) -> dict[str, Any]:
        """Repeats: weights, truth scores and accuracies of 20 seeds."""
        from attnviz.lab.repeats import repeat_task
        from attnviz.lab.tasks import TaskSettings

        repeats = repeat_task(TaskSettings(**settings))
        return {
            "attention": _plain(repeats.attention),
            "scores": _plain(repeats.scores),
            "accuracies": _plain(repeats.accuracies),
            "seconds": repeats.seconds,
        }

    def inspect_task(self, sample: int, **settings: Any) -> dict[str, Any]:
        """Every step from input to output for one validation sample, and the table of layers."""
        from attnviz.lab.inspection import inspect_task

        run = self._run(settings)
        inside = inspect_task(run, sample)
        return {
            "x": _plain(inside.x),
            "truth": inside.truth.tolist(),
            "y": inside.y,
            "output": inside.output,
            "activations": {name: _plain(values) for name, values in inside.activations.items()},
            "matrix": _plain(inside.matrix),
            "layers": _describe_layers(run.model_with_scores),
        }

    def layers(self, model: str) -> list[dict[str, Any]]:
        """The layer table of a checkpoint: name, kind, output shape, parameters."""
        return _describe_layers(self._explainer(model).classifier.model)

    def predict_reviews(self, model: str, texts: list[str]) -> list[float | None]:
        """The probabilities of some texts, None where there is no word to read; typed reviews go first."""
        self._wait_for_quiet(_BULK_QUIET_SECONDS, _BULK_WAIT_SECONDS)
        explainer = self._explainer(model)
        found = explainer.predict_texts(texts)[:, explainer.classifier.target or 0].tolist()
        return [None if math.isnan(probability) else probability for probability in found]

    def explain_reviews(self, model: str, texts: list[str], method: str) -> list[dict[str, Any]]:
        """The Explanations of some texts, as plain data; typed reviews go first."""
        self._wait_for_quiet(_BULK_QUIET_SECONDS, _BULK_WAIT_SECONDS)
        return to_plain(self._explainer(model).explain_batch(texts, method))

    def _run(self, settings: Mapping[str, Any]) -> Any:
        """The LabRun of these settings; the last ones are kept."""
        from attnviz.lab.lab_run import LabRun, train_task

        key = tuple(sorted(settings.items()))
        run: LabRun = self._runs.pop(key, None) or train_task(**settings)
        self._runs[key] = run
        while len(self._runs) > _KEPT_RUNS:
            self._runs.popitem(last=False)
        return run

    def _explainer(self, model: str) -> Any:
        from attnviz.runs.loading import load_explainer

        key = get_marks(find_folder(model))
        with self._finding:  # several lanes ask
            if key not in self._explainers:
                self._explainers[key] = explainer = load_explainer(find_checkpoint(model))
                if "attention" in explainer.methods:
                    self._cold.put(weakref.ref(explainer))
            self._explainers.move_to_end(key)
            while len(self._explainers) > _LOADED_MODELS:
                self._explainers.popitem(last=False)
            return self._explainers[key]


def _plain(values: Any) -> list[Any]:
    """An array as lists, with as many digits as a picture needs."""
    return values.astype(float).round(6).tolist()


def _describe_layers(model: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": layer.name,
            "kind": type(layer).__name__,
            "output": [None if size is None else int(size) for size in layer.output.shape],
            "parameters": sum(math.prod(variable.shape) for variable in layer.trainable_variables),
        }
        for layer in model.layers
    ]
