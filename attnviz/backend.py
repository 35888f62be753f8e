"""The one door to Keras and TensorFlow: `from attnviz.backend import keras, tf`.

It takes seconds and 300 MB, so only modules that compute import it, and the page's process never does.
"""

from __future__ import annotations

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
# With oneDNN, TensorFlow 2.21 corrupts its heap when batches of matrices of many shapes are multiplied, as in
# self-attention. Without it explanations take as long as with it, a training step about 5 % more processor time.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # without a GPU, TensorFlow reports that as an error at each start

import keras
import tensorflow as tf

from attnviz.errors import AttnvizError

if keras.backend.backend() != "tensorflow":
    raise AttnvizError(
        f"attnviz needs Keras on TensorFlow, but this process runs Keras on {keras.backend.backend()}. "
        "Set KERAS_BACKEND=tensorflow before the first import of Keras."
    )

__all__ = ["keras", "tf"]
