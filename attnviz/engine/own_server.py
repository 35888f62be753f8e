"""What runs in the process of one model that somebody brought: reads it once, then answers like the engine.

The first message is `ExamineModel`, which says how the model is read; its answer is the card. Every later message is an
operation of this model. If the model cannot be read, the reason is the answer to all of them.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import traceback
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from attnviz.engine.lanes import Job, Lane
from attnviz.engine.operations import Means, run
from attnviz.engine.protocol import LANES, ExamineModel
from attnviz.engine.replies import Replies
from attnviz.engine.request import Request, read_request
from attnviz.engine.typing_pause import TypingPause
from attnviz.engine.warm_up import QUIET_SECONDS
from attnviz.engine.wire import Line, read_message
from attnviz.errors import AttnvizError, SettingError
from attnviz.foreign.confinement import end_loading, limit_loading
from attnviz.languages import Message, tr, using_language
from attnviz.processes import without_side_libraries
from attnviz.runs.own_failures import NOT_RUN, describe_failure
from attnviz.runs.own_record import OwnModelSettings
from attnviz.values.model_card import ModelCard

if TYPE_CHECKING:
    from attnviz.explain.explainer import Explainer


def serve(folder: Path, scratch: Path, notes: tuple[Message, ...]) -> None:
    """Answer what comes on standard input until it ends; whatever else prints goes to standard error.

    Args:
        folder: of the model; scratch: where it may write.
        notes: what this system could not forbid.
    """
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    server = OwnServer(folder, scratch, notes, answers)
    threading.Thread(target=server.start, name="libraries", daemon=True).start()
    while (message := read_message(requests)) is not None:
        server.receive(message)
    for left in scratch.iterdir():
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
    os._exit(0)  # TensorFlow's threads would delay a normal exit


class OwnServer:
    """One model and the lanes of its requests; as `serve`, writing to `answers`."""

    def __init__(self, folder: Path, scratch: Path, notes: tuple[Message, ...], answers: BinaryIO) -> None:
        self._folder, self._scratch, self._notes = folder, scratch, notes
        self._replies = Replies(answers)
        self._ready, self._pause = threading.Event(), TypingPause()
        self._explainer: Future[Explainer] | None = None
        self._lanes = {name: Lane(name, self._ready, self._run, self._replies.supersede) for name in LANES}

    def start(self) -> None:
        """Load the libraries, before the limits of the model's own memory and time begin."""
        try:
            with without_side_libraries():
                import_module("attnviz.backend")
            import_module("attnviz.runs.own_loading")
            self._notes += limit_loading()
        except BaseException:  # nothing can be answered; whoever asked tells the last line of this
            traceback.print_exc()
            os._exit(1)
        self._replies.tell_ready()
        self._ready.set()

    def receive(self, message: Line) -> None:
        """Take one message; it is answered when its turn comes."""
        try:
            request = read_request(message)
            with using_language(request.language):
                self._place(request)
        except AttnvizError as error:
            self._replies.fail(message["id"], error)

    def _place(self, request: Request[Any]) -> None:
        if self._explainer is None:
            self._explainer = self._read(request)
        self._lanes[request.lane].put(Job(request, (self._explainer,)))

    def _read(self, request: Request[ModelCard]) -> Future[Explainer]:
        """The explainer to come: the first request says how the model is read."""
        if not isinstance(request.operation, ExamineModel):
            raise SettingError(tr("The process of a model is asked to examine it first."))
        future: Future[Explainer] = Future()
        settings = request.operation.own_settings
        load = partial(copy_context().run, self._load, future, settings)  # with the language of who asks
        threading.Thread(target=load, name="model", daemon=True).start()
        return future

    def _load(self, future: Future[Explainer], settings: OwnModelSettings) -> None:
        self._ready.wait()
        from attnviz.runs.own_loading import load_own_model

        try:
            explainer = load_own_model(self._folder, self._scratch, settings)
            end_loading()
        except AttnvizError as error:
            future.set_exception(error)
        except BaseException as error:  # what TensorFlow raises where a model meets texts that it cannot read
            future.set_exception(describe_failure(NOT_RUN, error))
        else:
            future.set_result(explainer)
            self._warm_up(explainer)

    def _warm_up(self, explainer: Explainer) -> None:
        """Compile ahead of use when nobody types; what cannot be compiled is said in the log."""
        if "attention" in explainer.methods:
            try:
                explainer.warm_up(before_each=lambda: self._pause.wait(QUIET_SECONDS))
            except Exception:
                traceback.print_exc()

    def _run(self, job: Job) -> None:
        with using_language(job.request.language):
            self._answer(job)

    def _answer(self, job: Job) -> None:
        request = job.request
        try:
            means = Means([model.result() for model in job.networks], self._pause)
            result = run(request.operation, means)
            if isinstance(result, ModelCard):
                result = replace(result, notes=(*result.notes, *self._notes))
            self._replies.send(request.id, request.operation.write_result(result))
        except Exception as error:  # whatever went wrong is the answer, a result that is no JSON too
            self._replies.fail(request.id, error)
