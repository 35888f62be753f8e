"""The languages of the pages: a message is written in English in the code and looked up in a catalogue.

    tr("Attention is spread over about {words} of {all} words", words=51.5, all=56)
    tr_n("{n} word", "{n} words", count, n=format_count(count))

`mark` names a message that is translated later, where it is shown: `tr(TITLE)`. `keep` fills one that goes into a file
or to another process, where nobody knows yet who will read it: `tr(status.message)`. Whoever shows pages says once how
to ask which language a reader wants (`tell_language`); without that, in Python and on the command line, it is English.
"""

from __future__ import annotations

from attnviz.languages.choice import LANGUAGES, SOURCE, get_language, tell_language, using_language
from attnviz.languages.messages import Message, keep, mark, tr, tr_n

__all__ = [
    "LANGUAGES",
    "SOURCE",
    "Message",
    "get_language",
    "keep",
    "mark",
    "tell_language",
    "tr",
    "tr_n",
    "using_language",
]
