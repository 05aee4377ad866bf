"""Read what a user demands on the command line: `contains:"5 days"`, `tool-not-called:send_mail`, or bare words."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ctxdebug.cases.assertion import ASSERTIONS
from ctxdebug.cases.expectation import Expectation, expect
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.model import ToolCall
from ctxdebug.text.patterns import lazy
from ctxdebug.text.whole_numbers import whole_number

_WORD = lazy(r"(?P<word>[a-z]+(?:-[a-z]+)*)(?::\s*(?P<value>.*))?", re.DOTALL)
_OPPOSITES = {
    "contains": "not-contains",
    "icontains": "not-icontains",
    "regex": "not-regex",
    "tool-called": "tool-not-called",
    "not-contains": "contains",
    "not-icontains": "icontains",
    "not-regex": "regex",
    "tool-not-called": "tool-called",
}
_FLAGS = frozenset({"abstains", "asks-clarification", "is-json", "cites"})


def demand(text: str) -> Expectation:
    """Return the expectation that `--expect` names; raises `UsageError` with the nearest word."""
    word, value = _split(text)
    return _built(word, value, text)


def prohibition(text: str) -> Expectation:
    """Return the expectation that `--forbid` names: the opposite of what it says."""
    word, value = _split(text)
    if word in _OPPOSITES:
        return _built(_OPPOSITES[word], value, text)
    return expect("not", _built(word, value, text))


def _split(text: str) -> tuple[str, Any]:
    match = _WORD.fullmatch(text)
    known = ASSERTIONS.all()
    if match is not None and match.group("word") in known:
        word, value = match.group("word"), match.group("value")
        if value is None and word not in _FLAGS:
            raise UsageError(f"{word} needs a value: {word}:…")
        return word, True if value is None else _value(value)
    if match is not None and match.group("value") is not None and " " not in match.group("word"):
        near = get_close_matches(match.group("word"), known, 1)
        if near:
            raise UsageError(f"unknown expectation {match.group('word')!r}; did you mean {near[0]!r}?")
    return "contains", _value(text)


def _value(text: str) -> Any:
    """Read JSON where it is JSON (a quoted text, a list, an object, true), else the words as they are."""
    text = text.strip()
    if text[:1] in '"[{' or text in ("true", "false"):
        try:
            return json.loads(text)
        except ValueError:
            return text.strip('"')
    return text


def _built(word: str, value: Any, text: str) -> Expectation:
    for candidate in (
        value,
        value if not isinstance(value, str) or (count := whole_number(value, 9)) is None else count,
    ):
        try:
            return expect(word, candidate)
        except ValueError as error:
            problem = str(error)
    raise UsageError(f"{text[:80]!r}: {problem}")


def good_answer(given: str) -> tuple[str, tuple[ToolCall, ...]]:
    """Return the answer that `--good` names: a file's content or the text itself; JSON with `calls` gives calls too."""
    text = given
    try:
        path = Path(given)
        if len(given) < 1000 and path.is_file():
            text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(f"--good {given[:80]!r} cannot be read: {error}") from None
    if text.lstrip()[:1] != "{":
        return text.strip(), ()
    try:
        held = json.loads(text)
    except ValueError:
        return text.strip(), ()
    if not isinstance(held, dict) or not set(held) <= {"answer", "calls"}:
        return text.strip(), ()
    return str(held.get("answer", "")), tuple(_call(call) for call in held.get("calls", []))


def _call(held: Any) -> ToolCall:
    if not isinstance(held, dict) or not isinstance(held.get("name"), str):
        raise LoadError('a call in --good is an object like {"name": "search", "arguments": {}}')
    arguments = held.get("arguments", {})
    return ToolCall(None, held["name"], json.dumps(arguments, ensure_ascii=False), arguments)
