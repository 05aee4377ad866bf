"""Regular expressions that are compiled when they are first used.

A run over one capture needs a handful of the package's several hundred patterns; compiling all of them
would cost more than the run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from ctxdebug.text.stored import keeps, stored, unkept


class _Lazy:
    """Stands in for a compiled pattern, and becomes as fast as one after its first use."""

    def __init__(self, source: str | Callable[[], str], flags: int, key: Callable[[], Any] | None = None) -> None:
        self._source = source
        self._key = key
        self.flags = flags

    def __reduce__(self) -> tuple[Any, ...]:
        return lazy, (self._source if isinstance(self._source, str) else self._source(), self.flags)

    def __getattr__(self, name: str) -> Any:
        source = self._source
        if name == "pattern" and isinstance(source, str):
            return source
        compiled = self._compiled()
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

    def _compiled(self) -> re.Pattern[str]:
        source = self._source
        if self._key is None or isinstance(source, str) or not keeps():
            return _compiled(source if isinstance(source, str) else source(), self.flags)
        from ctxdebug.text.pattern_code import put_together, taken_apart

        def make() -> tuple[str, Any]:
            made = unkept(source)
            return made, taken_apart(made, self.flags)

        text, parts = stored("patterns by their key", (self._key(), self.flags), make)
        return re.compile(text, self.flags) if parts is None else put_together(text, parts)


def _compiled(source: str, flags: int) -> re.Pattern[str]:
    """Return the pattern, as `re.compile` does, parsed by an earlier run where that is kept."""
    if not keeps():
        return re.compile(source, flags)
    from ctxdebug.text.pattern_code import put_together, taken_apart

    parts = stored("patterns", (source, flags), lambda: taken_apart(source, flags))
    return re.compile(source, flags) if parts is None else put_together(source, parts)


def lazy(pattern: str | Callable[[], str], flags: int = 0, *, key: Callable[[], Any] | None = None) -> re.Pattern[str]:
    """Return a pattern with `re.compile`'s arguments and methods; the text may be made at the first use.

    `key` gives what such a text follows from: where an earlier run compiled it, the text is not made again. A faulty one
    raises `re.error` at its first use.
    """
    return cast("re.Pattern[str]", _Lazy(pattern, int(flags), key))
