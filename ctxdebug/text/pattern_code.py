"""A compiled pattern taken apart and put together: parsing and optimising is what makes compiling slow.

`re` has no public way to do this, so both ends are of one Python: what another version took apart is not put together.
Python's own module checks the code of a pattern before it takes it.
"""

from __future__ import annotations

import importlib
import re
from array import array
from functools import cache
from typing import Any, TypeAlias

PatternParts: TypeAlias = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
"""Flags, code, number of groups, name → group, group → name."""


@cache
def _inner(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def taken_apart(source: str, flags: int) -> PatternParts | None:
    """Return the parts of the pattern that `re.compile` would return; None where this Python has other parts."""
    made = _inner("re._compiler")
    if array("I").itemsize != getattr(_inner("_sre"), "CODESIZE", 0):
        return None
    try:
        parsed = getattr(made, "_parser").parse(source, flags)  # noqa: B009 - an inner part of Python, named as such
        code = getattr(made, "_code")(parsed, flags)  # noqa: B009 - its name is private to the standard library
        groups: dict[str, int] = dict(parsed.state.groupdict)
        names: list[str | None] = [None] * parsed.state.groups
        for name, group in groups.items():
            names[group] = name
        return flags | parsed.state.flags, array("I", code).tobytes(), parsed.state.groups - 1, groups, tuple(names)
    except (AttributeError, TypeError, OverflowError):
        return None


def put_together(source: str, parts: PatternParts) -> re.Pattern[str]:
    """Return the pattern of its parts; raises `RuntimeError` or `ValueError` where they are those of none."""
    flags, code, count, groups, names = parts
    pattern: re.Pattern[str] = _inner("_sre").compile(source, flags, list(array("I", code)), count, groups, names)
    return pattern
