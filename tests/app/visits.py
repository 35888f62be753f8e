"""What a visitor of a page does, and what he is shown."""

from __future__ import annotations

import json
import re
from concurrent.futures import Future, wait
from typing import Any
from urllib.parse import parse_qsl

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from attnviz.render.highlighted import HighlightedText
from attnviz.render.markdown import WORD_JOINER
from attnviz.ui.asking import SLOTS
from attnviz.ui.reviews.verdict_section import OTHER_MAP
from attnviz.values.plain import from_plain

TIMEOUT = 60


def open_page(name: str, link: dict[str, str] | None = None, **session: Any) -> AppTest:
    """A visitor on one page, who came with a link, or with a session that began on another page.

    Args:
        name: of the module under `attnviz.ui`.
    """

    def script(name: str) -> None:
        from importlib import import_module

        import_module(f"attnviz.ui.{name}").show_page()

    page = AppTest.from_function(script, args=(name,), default_timeout=TIMEOUT)
    for parameter, value in (link or {}).items():
        page.query_params[parameter] = value
    for key, value in session.items():
        page.session_state[key] = value
    page.run()
    assert not page.exception
    return page


def open_reviews(**link: str) -> AppTest:
    return open_page("reviews.reviews_page", link)


def open_tab(title: str, **link: str) -> AppTest:
    """A visitor on the page Reviews with that tab open."""
    page = open_reviews(**link)
    page.session_state.review_tab = title
    page.run()
    assert not page.exception
    return page


def settle(page: AppTest) -> AppTest:
    """Run the page until the engine has answered all that its parts ask, and they show it."""
    shown: list[Future[Any]] = []
    while (asked := _asked(page)) != shown:
        assert not wait(asked, TIMEOUT).not_done, "the engine does not answer"
        shown = asked
        page.run()
        assert not page.exception
    return page


def _asked(page: AppTest) -> list[Future[Any]]:
    return [asked.answer for asked in page.session_state.to_dict().get(SLOTS, {}).values()]


def component_data(page: AppTest, name: str = "") -> dict[str, Any]:
    """What the page gave its first component to draw (the tour draws nothing of it), or the first one of this name."""
    components = (one.proto for one in page.get("bidi_component") if "tour" not in one.proto.component_name)
    return json.loads(next(proto.json for proto in components if name in proto.component_name))


def send(page: AppTest, name: str, value: str) -> AppTest:
    """Send JSON as the value of the component of this name, as a browser does."""
    proto = next(one.proto for one in page.get("bidi_component") if name in one.proto.component_name)
    states: WidgetStates = page._tree.get_widget_states()
    state = states.widgets.add()
    state.id, state.json_value = proto.id, value
    page._run(states)
    return page


def look_at_other_map(page: AppTest) -> AppTest:
    """Say what the browser says when the place of the other map is in view, and wait for the answers."""
    page.session_state[f"{OTHER_MAP}_seen"] = component_data(page, "sighting")["name"]
    page.run()
    return settle(page)


def join(shown: dict[str, Any]) -> str:
    """The whole of a highlighted text that a component was given."""
    return from_plain(HighlightedText, shown).join()


def said(page: AppTest) -> str:
    """All the page's sentences, without the signs that let Markdown show them as they are."""
    written = "\n".join(block.value for block in page.markdown)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written).replace(WORD_JOINER, "")


def html_blocks(page: AppTest, part: str) -> list[str]:
    """The page's blocks of HTML that hold this."""
    return [block.proto.body for block in page.get("html") if part in block.proto.body]


def get_address(page: AppTest) -> dict[str, str]:
    """What the page puts into the address bar; nothing as long as it leaves it alone."""
    address = component_data(page)["address"]
    return dict(parse_qsl(address.removeprefix("?"), strict_parsing=True)) if address else {}
