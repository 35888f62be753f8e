"""What a test expects of the `attnviz` command."""

from __future__ import annotations


def assert_refused(result: tuple[int, str, str], message: str) -> None:
    code, out, err = result
    assert (code, out) == (2, "")
    assert err.startswith("attnviz: ")
    assert err.count("\n") == 1, "one line"
    assert message in err
