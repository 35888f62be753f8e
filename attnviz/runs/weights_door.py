"""`python -m attnviz.runs.weights_door FOLDER SCRATCH LANGUAGE` reads a checkpoint's network in a process of its own.

Whether weights fit their network only Keras can tell, and HDF5 is read by a library in C. The process prints one line
of JSON: {}, or {"error": why the network is refused}.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from attnviz.foreign.confinement import limit_loading, shut_doors
from attnviz.foreign.door_process import ask_apart
from attnviz.languages import mark, tr, using_language

SECONDS = 110.0
_BROKEN = mark("The network of the run is damaged, or takes more memory or time than one may: whoever reads it fails.")


def check_network(folder: Path) -> None:
    """Load the network of a checkpoint, such that no file can do harm to this process.

    Raises:
        ModelFileError: it cannot be loaded; says why.
    """
    ask_apart("attnviz.runs.weights_door", folder, SECONDS, tr(_BROKEN))


def main() -> None:
    """Print the line."""
    folder, scratch = map(Path, sys.argv[1:3])
    os.chdir(scratch)
    shut_doors(folder, scratch)
    from attnviz.errors import AttnvizError

    try:
        with using_language(sys.argv[3]):
            _load(folder, scratch)
        print(json.dumps({}))
    except AttnvizError as error:
        print(json.dumps({"error": str(error).replace(f"{folder}{os.sep}", "")}))


def _load(folder: Path, scratch: Path) -> None:
    """Loaded when the doors are shut."""
    from attnviz.foreign.weights_file import check_archived_weights
    from attnviz.runs.checkpoint import read_checkpoint
    from attnviz.runs.checkpoint_files import MODEL_FILE
    from attnviz.runs.loading import load_model

    limit_loading()
    check_archived_weights(folder / MODEL_FILE, scratch)
    load_model(read_checkpoint(folder))


if __name__ == "__main__":
    main()
