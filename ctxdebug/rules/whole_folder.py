"""Rules that look at all cases and captures together; `ctxdebug case survey` runs them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.suite import Suite
from ctxdebug.model import Hit, NotChecked
from ctxdebug.rules import rule

Look: TypeAlias = Callable[[Suite], Iterator[Hit]]

LOOKS: dict[str, Look] = {}
"""The check of each such rule, by code."""


def suite_rule(code: str, name: str, **more: Any) -> Callable[[Look], Look]:
    """Sign a rule in whose check takes a whole suite; on a single exchange it says that it did not look."""

    def sign_in(look: Look) -> Look:
        @functools.wraps(look)
        def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:  # noqa: ARG001  (one exchange is not enough)
            yield NotChecked("it takes all cases together to tell: `ctxdebug case survey`")

        rule(code, name, **more)(check)
        LOOKS[code] = look
        return look

    return sign_in
