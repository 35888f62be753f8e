"""The engine process: loads TensorFlow once, then answers requests until its parent's pipe closes.

Requests are read while TensorFlow is still loading and wait in their lanes, so that neither a retraining of the toy
network nor a measurement of faithfulness nor a whole file of reviews keeps a typed review waiting.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import traceback
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, BinaryIO

from attnviz.engine.explainer_cache import ExplainerCache
from attnviz.engine.lanes import Job, Lane
from attnviz.engine.memory import MemoryBudget, read_budget
from attnviz.engine.operations import Means, forget_runs, run
from attnviz.engine.own_explainers import OwnExplainers
from attnviz.engine.protocol import LANES, ExamineModel, Explain, Operation
from attnviz.engine.replies import Replies
from attnviz.engine.request import Request, read_request
from attnviz.engine.typing_pause import TypingPause
from attnviz.engine.warm_up import WarmUp
from attnviz.engine.wire import Line, read_message
from attnviz.errors import AttnvizError
from attnviz.languages import using_language
from attnviz.processes import switch_off_onednn, without_side_libraries
from attnviz.runs.factory_card import find_factory
from attnviz.runs.library import find_checkpoint

if TYPE_CHECKING:
    from attnviz.explain.explainer import Explainer

OWN_LANE = "brought"
"""Where shipped networks are compared with brought ones, whose processes may take long."""


def main() -> None:
    """Serve on standard input and output. Whatever else prints to standard output goes to standard error."""
    switch_off_onednn()
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    Server(answers).serve(requests)
    os._exit(0)  # TensorFlow's threads would delay a normal exit


class Server:
    """Reads requests, sends each into its lane, and writes what comes out of it to `answers`."""

    def __init__(self, answers: BinaryIO) -> None:
        self._replies = Replies(answers)
        self._loaded = threading.Event()
        self._pause = TypingPause()
        self._warm_up = WarmUp(self._pause)
        self._explainers = ExplainerCache(self._load_explainer)
        self._memory = MemoryBudget(self._shed, self._replies.tell_worn, read_budget())
        self._own = OwnExplainers()
        self._lanes = {
            name: Lane(name, self._loaded, self._run, self._replies.supersede) for name in (*LANES, OWN_LANE)
        }

    def serve(self, requests: BinaryIO) -> None:
        """Answer the messages of `requests` until it ends."""
        threading.Thread(target=self._start, name="load", daemon=True).start()
        while (message := read_message(requests)) is not None:
            self._receive(message)
        self._own.close()

    def _receive(self, message: Line) -> None:
        try:
            request = read_request(message)
        except AttnvizError as error:
            self._replies.fail(message["id"], error)
            return
        with using_language(request.language):
            self._place(request)

    def _place(self, request: Request[Any]) -> None:
        """Send a request to where it is worked on; its networks are loaded in its language."""
        names = request.operation.networks
        own = [name for name in names if self._own.holds(name)]
        if isinstance(request.operation, ExamineModel) or (own and len(names) == 1):
            self._forward(request)
            return
        networks = tuple((self._own if name in own else self._explainers).request(name) for name in names)
        self._lanes[OWN_LANE if own else request.lane].put(Job(request, networks))

    def _forward(self, request: Request[Any]) -> None:
        """Let the process of a brought model answer; no lane waits for it meanwhile."""
        answer = self._own.forward(request.operation, request.editor)
        answer.add_done_callback(lambda done: self._pass_on(request.id, done))

    def _pass_on(self, id: int, done: Future[Any]) -> None:
        if (error := done.exception()) is None:
            self._replies.send(id, done.result())
        else:
            self._replies.fail(id, error)

    def _run(self, job: Job) -> None:
        with using_language(job.request.language):
            self._answer(job)

    def _answer(self, job: Job) -> None:
        request = job.request
        try:
            means = Means([network.result() for network in job.networks], self._pause)
            result = request.operation.write_result(run(request.operation, means))
            self._replies.send(request.id, result)
            self._follow(request.operation, means)
        except Exception as error:  # whatever went wrong is the answer, a result that is no JSON too
            self._replies.fail(request.id, error)

    def _follow(self, operation: Operation[Any], means: Means) -> None:
        """What comes after an answer."""
        if isinstance(operation, Explain) and operation.method == "attention":
            self._warm_up.put_network(means.explainer, self._explainers)
        self._memory.keep()

    def _start(self) -> None:
        """Load TensorFlow; then compile what is asked for again and again: networks whose attention is asked for here.

        Those of the table answer in the browser, so that nothing is compiled for them ahead of use.
        """
        try:
            _load_tensorflow()
        except BaseException:  # without TensorFlow no request can be answered; the page shows the last line of this
            traceback.print_exc()
            os._exit(1)
        self._memory.begin()
        self._loaded.set()
        self._replies.tell_ready()
        self._pause.note()  # what waited for TensorFlow is answered now
        self._warm_up.run_for_ever()

    def _shed(self) -> None:
        self._explainers.shed()
        forget_runs()

    def _load_explainer(self, model: str) -> Explainer:
        self._loaded.wait()
        if factory := find_factory(model):
            from attnviz.runs.factory_loading import load_factory

            return load_factory(factory.function, factory.folder)
        from attnviz.runs.loading import load_explainer

        return load_explainer(find_checkpoint(model))


def _load_tensorflow() -> None:
    """With few threads for each operation, which suits the fused LSTM, and one for each lane, so that compiled programs
    do not wait for each other."""
    with without_side_libraries():
        from attnviz.backend import tf

    tf.config.threading.set_intra_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(max(2, os.cpu_count() or 2))

    gc.freeze()  # TensorFlow's half a million objects stay; collections need not look at them again
