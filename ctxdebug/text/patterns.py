"""Regular expressions that are compiled when they are first used.

A run over one capture needs a handful of the package's several hundred patterns; compiling all of them
would cost more than the run.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Lazy:
    """Stands in for a compiled pattern, and becomes as fast as one after its first use."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self.flags)
        for method in (
            "search",
            "match",
            "fullmatch",
            "finditer",
            "findall",
            "sub",
            "subn",
            "split",
            "groupindex",
            "groups",
        ):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern with `re.compile`'s arguments and methods. A faulty one raises `re.error` at its first use."""
    return cast("re.Pattern[str]", _Lazy(pattern, int(flags)))
