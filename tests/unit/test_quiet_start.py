"""What attnviz writes to standard error in a fresh interpreter: nothing that its user did not ask for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from attnviz.processes import child_environment

USE = """
import attnviz, numpy as np
explainer = attnviz.load("luong")
for method in explainer.methods:
    for length in range(1, 9):
        explainer.explain("great film " * length, method)
model = attnviz.build_model("luong", vocabulary_size=30)
for steps in range(2, 12):
    attnviz.get_activations(model, np.ones((1, steps), int), ["hidden_states"])
"""

OWN_RETRACING = """
from attnviz.backend import tf
double = tf.function(lambda x: 2 * x)
for steps in range(1, 12):
    double(tf.ones(steps))
"""

# Writes to the descriptor, as C++ does, when Keras is looked for.
WRITE_AT_IMPORT = """
import os, sys
class Finder:
    def find_spec(self, name, *others):
        if name == "keras":
            os.write(2, b"I0000 00:00:1795568662.4  7 port.cc:153] chatter\\n" + b"somebody else's line\\n")
            {then}
sys.meta_path.insert(0, Finder())
import attnviz.backend
"""


def run(code: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in child_environment().items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment | settings, capture_output=True, text=True, check=False)


def test_loading_explaining_and_looking_inside_write_nothing(library: Path) -> None:
    result = run(USE)
    assert (result.returncode, result.stderr) == (0, "")


def test_advice_about_a_function_of_ones_own_is_still_given() -> None:
    assert "triggered tf.function retracing" in run(OWN_RETRACING).stderr


@pytest.mark.parametrize(
    ("then", "level", "shown"),
    [
        ("pass", "3", "somebody else's line\n"),
        ("pass", "0", "I0000 00:00:1795568662.4  7 port.cc:153] chatter\nsomebody else's line\n"),
        (
            "raise ImportError('no Keras')",
            "3",
            "I0000 00:00:1795568662.4  7 port.cc:153] chatter\nsomebody else's line\n",
        ),
    ],
    ids=["loaded", "asked for all", "failed"],
)
def test_only_log_lines_of_libraries_that_loaded_are_kept_back(then: str, level: str, shown: str) -> None:
    result = run(WRITE_AT_IMPORT.format(then=then), TF_CPP_MIN_LOG_LEVEL=level)
    assert shown in result.stderr
    assert ("chatter" in result.stderr) == ("chatter" in shown)
    assert (result.returncode == 0) == (then == "pass")


def test_without_a_standard_error_it_loads_all_the_same() -> None:
    code = "import os, sys; os.close(2); sys.stderr = None; import attnviz.backend; print('loaded')"
    assert run(code).stdout == "loaded\n"


COUNT_COLLECTIONS = """
import gc
whole = []
gc.callbacks.append(lambda phase, info: whole.append(phase) if info["generation"] == 2 and phase == "stop" else None)
{before}
import attnviz.backend
print(len(whole), gc.isenabled(), gc.get_freeze_count())
"""


@pytest.mark.parametrize(("before", "collects"), [("", True), ("gc.disable()", False)])
def test_no_collection_looks_at_all_of_tensorflow_while_it_is_loaded(before: str, collects: bool) -> None:
    assert run(COUNT_COLLECTIONS.format(before=before)).stdout == f"0 {collects} 0\n"


def test_what_somebody_has_frozen_stays_frozen() -> None:
    count = int(run(COUNT_COLLECTIONS.format(before="gc.freeze()")).stdout.split()[-1])
    assert count > 1_000
