"""Who sits at the machine, and who is a visitor of a server."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from attnviz.ui import owner

HERE = {"Origin": "http://localhost:8501", "Host": "localhost:8501"}
KEY = "k" * 43


def ask(
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    ip: str | None = None,
    cookie: str = "",
) -> str:
    class State(dict):  # type: ignore[type-arg]
        __getattr__, __setattr__ = dict.__getitem__, dict.__setitem__

    cookies = {owner.COOKIE: cookie} if cookie else {}
    context = SimpleNamespace(headers=headers, ip_address=ip, cookies=cookies)
    monkeypatch.setattr(owner, "st", SimpleNamespace(session_state=State(), context=context))
    return owner.get_owner()


@pytest.mark.parametrize("origin", ["http://localhost:8501", "http://127.0.0.1:8501", "http://[::1]:8501"])
def test_a_browser_on_the_machine_itself_has_no_key(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    assert ask(monkeypatch, {"Origin": origin}) == ""


@pytest.mark.parametrize(
    ("headers", "ip"),
    [
        (HERE, "10.0.0.7"),
        ({"Origin": "https://attention.example.org", "Host": "localhost:8501"}, None),
        ({**HERE, "X-Forwarded-For": "10.0.0.7"}, None),
        ({**HERE, "Forwarded": "for=10.0.0.7"}, None),
        ({"Host": "localhost:8501"}, None),
        ({"Origin": "http://localhost.example.org"}, None),
        ({"Origin": "null"}, None),
    ],
    ids=["remote", "proxy", "x-forwarded", "forwarded", "no origin", "like localhost", "opaque"],
)
def test_anybody_else_has_a_key_of_his_own(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], ip: str | None
) -> None:
    keys = {ask(monkeypatch, headers, ip) for _ in range(2)}
    assert len(keys) == 2
    assert all(owner._KEY.fullmatch(key) for key in keys)


@pytest.mark.parametrize(
    ("cookie", "kept"), [(KEY, True), ("short", False), ("k" * 39 + ";", False), ("ü" * 43, False)]
)
def test_a_visitor_who_comes_back_has_his_key(monkeypatch: pytest.MonkeyPatch, cookie: str, kept: bool) -> None:
    found = ask(monkeypatch, HERE, "10.0.0.7", cookie)
    assert (found == cookie) is kept
    assert owner._KEY.fullmatch(found)
