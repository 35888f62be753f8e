"""`python -m attnviz.foreign FILE SCRATCH LANGUAGE` looks at a model's file in a process of its own.

HDF5 is read by a library in C, which a damaged file may bring down; that must not be the process of the page. It says
what it found in one line of JSON: {"report": ...}, or {"error": why the file is refused}.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from attnviz.foreign.confinement import limit_loading, shut_doors
from attnviz.languages import using_language


def main() -> None:
    """Print the line."""
    path, scratch = map(Path, sys.argv[1:3])
    shut_doors(path.parent, scratch)
    from attnviz.errors import ModelFileError
    from attnviz.foreign.model_file import check_model_file
    from attnviz.values.plain import to_plain

    limit_loading()
    try:
        with using_language(sys.argv[3]):
            print(json.dumps({"report": to_plain(check_model_file(path))}))
    except ModelFileError as error:
        print(json.dumps({"error": str(error)}))


if __name__ == "__main__":
    main()
