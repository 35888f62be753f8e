"""Numbers in Streamlit's tables, written as everywhere else: they still sort as numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from attnviz.render.numerals import format_number, format_percent

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler


def style_numbers(
    frame: pd.DataFrame, digits: Mapping[str, int] = MappingProxyType({}), shares: Collection[str] = ()
) -> Styler:
    """The frame for `st.dataframe`, which needs `placeholder="–"` for what is missing.

    Args:
        digits: how many each column of numbers is shown with.
        shares: columns of fractions, shown in percent with two digits.
    """
    numbers = {name: partial(format_number, digits=count) for name, count in digits.items()}
    percents = dict.fromkeys(shares, partial(format_percent, digits=2))
    return frame.style.format({**numbers, **percents}, na_rep="–")
