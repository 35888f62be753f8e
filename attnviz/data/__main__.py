"""`python -m attnviz.data` fills the cache of reviews from the archive that is on this machine (see imdb.py)."""

import sys

from attnviz.data.imdb import load_imdb
from attnviz.errors import AttnvizError

try:
    load_imdb(download=False)
except AttnvizError as error:
    sys.exit(str(error))
