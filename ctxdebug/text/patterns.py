"""Regular expressions that are compiled when they are first used.

A run over one capture needs a handful of the package's several hundred patterns; compiling all of them
would cost more than the run. A pattern that was searched for in many characters is given a look for its
literals before each search (`needed_literals.py`): most texts have none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from ctxdebug.text.stored import keeps, stored, unkept

_MANY = 100_000
"""Characters after which finding out what a pattern needs costs less than it saves."""
_CALL = 200
"""Characters that take as long as a call."""
_SHORT = 40
"""Characters of a text, on an average, of which a search takes no longer than a look for literals."""
_LONG = 20_000
_FEW = 16
"""Literals that are looked for in a text longer than that."""
_ODD = ("\u017f", "\u0131", "\u0130")
"""Letters that are no ASCII, and that a pattern that ignores case takes for `s` or `i`."""
_ANCHORED = ("match", "fullmatch", "split", "groupindex", "groups")


class _Lazy:
    """Stands in for a compiled pattern, and becomes as fast as one after its first use, or faster."""

    def __init__(
        self, source: str | Callable[[], str], flags: int, key: Callable[[], Any] | None, *, prefilter: bool
    ) -> None:
        self._source = source
        self._key = key
        self._prefilter = prefilter
        self._calls = self._read = 0
        self.flags = flags

    def __reduce__(self) -> tuple[Any, ...]:
        return lazy, (self._source if isinstance(self._source, str) else self._source(), self.flags)

    def __getattr__(self, name: str) -> Any:
        source = self._source
        if name == "pattern" and isinstance(source, str):
            return source
        compiled = self._compiled()
        for method in _ANCHORED:
            setattr(self, method, getattr(compiled, method))
        for method in _SEARCHES:
            plain = getattr(compiled, method)
            setattr(self, method, self._counting(compiled, method, plain) if self._prefilter else plain)
        return getattr(self if name in _SEARCHES else compiled, name)

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

    def _counting(self, compiled: re.Pattern[str], method: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        """Return a search that counts what it reads, until it pays to know what the pattern needs."""
        at = _text_of(method)

        def counting(*given: Any, **named: Any) -> Any:
            self._calls += 1
            if len(given) == at + 1:
                self._read += len(given[at])
            if self._read + _CALL * self._calls > _MANY:
                self._settle(compiled)
            return plain(*given, **named)

        return counting

    def _settle(self, compiled: re.Pattern[str]) -> None:
        """Put searches in place that first look for the literals that the pattern needs, where there are any."""
        from ctxdebug.text.needed_literals import needed_literals

        short = self._read < _SHORT * self._calls
        literals = () if short else needed_literals(compiled.pattern, self.flags)
        ignoring = bool(compiled.flags & re.IGNORECASE)
        for method, nothing in _SEARCHES.items():
            plain = getattr(compiled, method)
            at = _text_of(method)
            setattr(self, method, _looking(plain, literals, at, nothing, ignoring=ignoring) if literals else plain)


def _text_of(method: str) -> int:
    """Which argument of a method is the text."""
    return int(method.startswith("sub"))


def _looking(
    plain: Any, literals: tuple[str, ...], at: int, nothing: Callable[[str], Any], *, ignoring: bool
) -> Callable[..., Any]:
    """Return a search that gives `nothing` of a text without the literals; the text is argument number `at`.

    With more arguments the search begins within the text, and looking at all of it each time would cost more than it saves.
    """
    few, given_alone = len(literals) <= _FEW, at + 1

    def looking(*given: Any, **named: Any) -> Any:
        if len(given) == given_alone and not named:
            text = given[at]
            if few or len(text) < _LONG:
                low = text.lower() if ignoring else text
                for literal in literals:
                    if literal in low:
                        break
                else:
                    if not ignoring or text.isascii() or not any(letter in text for letter in _ODD):
                        return nothing(text)
        return plain(*given, **named)

    return looking


_SEARCHES: dict[str, Callable[[str], Any]] = {
    "search": lambda _: None,
    "finditer": lambda _: iter(()),
    "findall": lambda _: [],
    "sub": lambda text: text,
    "subn": lambda text: (text, 0),
}
"""Methods that look anywhere in a text, and what they return where there is nothing."""


def _compiled(source: str, flags: int) -> re.Pattern[str]:
    """Return the pattern, as `re.compile` does, parsed by an earlier run where that is kept."""
    if not keeps():
        return re.compile(source, flags)
    from ctxdebug.text.pattern_code import put_together, taken_apart

    parts = stored("patterns", (source, flags), lambda: taken_apart(source, flags))
    return re.compile(source, flags) if parts is None else put_together(source, parts)


def lazy(
    pattern: str | Callable[[], str],
    flags: int = 0,
    *,
    key: Callable[[], Any] | None = None,
    prefilter: bool = True,
) -> re.Pattern[str]:
    """Return a pattern with `re.compile`'s arguments and methods; the text may be made at the first use.

    `key` gives what such a text follows from: where an earlier run compiled it, the text is not made again. A faulty one
    raises `re.error` at its first use. Without `prefilter` no literals are looked for: the caller does that.
    """
    return cast("re.Pattern[str]", _Lazy(pattern, int(flags), key, prefilter=prefilter))
