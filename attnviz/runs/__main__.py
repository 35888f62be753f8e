"""`python -m attnviz.runs FOLDER` is the process of a training run; the page starts it (see jobs.py)."""

import sys
from pathlib import Path

from attnviz.runs.jobs import run_job

sys.exit(run_job(Path(sys.argv[1])))
