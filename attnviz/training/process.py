"""Settings of a process that trains text networks: they hold for the whole process and must come first."""

from __future__ import annotations

import ctypes
import os
import platform

from attnviz.processes import without_side_libraries

with without_side_libraries():
    from attnviz.backend import tf

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
"""Parameters of glibc's mallopt, from its malloc.h."""


def prepare_training_process() -> None:
    """Set threads and memory for training with the fused LSTM.

    Call it before any other use of TensorFlow in the process; afterwards it raises RuntimeError.
    """
    # One thread for each operation, operations side by side: fastest for the fused LSTM.
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(max(2, (os.cpu_count() or 2) // 2))
    _keep_freed_memory()


def _keep_freed_memory() -> None:
    """Let malloc reuse what is freed instead of returning it to the system.

    A step allocates hundreds of megabytes in pieces whose sizes change with the length of the batch. Fetched anew from
    the system, each of their pages is cleared first, which takes up to a third of the step.
    """
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(_MMAP_MAX, 0)
        libc.mallopt(_TRIM_THRESHOLD, -1)
