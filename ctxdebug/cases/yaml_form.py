"""Write JSON values as YAML that a person can review and no reader retypes.

Our own writer, because the file must be the same byte for byte on every machine, and because a
reviewer must see what stands there: hidden characters and ends of lines that editors strip are escaped.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from ctxdebug.text.patterns import lazy
from ctxdebug.text.printable import by_number

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN = lazy(
    r"[A-Za-z](?:[A-Za-z0-9_./()@+$%^~*&!=;-]|:(?=[A-Za-z0-9]))*(?:[ ](?:[A-Za-z0-9_./()@+$%^~*&!=;,'-]|:(?=[A-Za-z0-9]))+)*"
)
_PLAIN_KEY = lazy(r"[A-Za-z_$][A-Za-z0-9_.-]*")
_RETYPED = lazy(r"(?:y|n|yes|no|on|off|true|false|null|nan|inf|~)", re.IGNORECASE)
_LONGEST_PLAIN = 100
_LONGEST_KEY = 400
_STEP = 2

# what a reader of the file cannot see, or YAML takes for the end of a line
_HIDDEN = lazy(
    r"[\x00-\x08\x0b-\x1f\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff"
    r"\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
_STRIPPED = lazy(r"[ \t](?:\n|\Z)")
_LEADING_TAB = lazy(r"(?:\A|\n)[ ]*\t")
_SHORT = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\r": "\\r", "\x00": "\\0", "\x1b": "\\e", "\x07": "\\a"}
_ESCAPED = lazy(r'[\\"\t]|' + _HIDDEN.pattern)


def yaml_text(value: Any) -> str:
    """Return a JSON value as YAML text, with a line end; raises `ValueError` for what is not JSON."""
    if isinstance(value, dict | list) and value:
        return "\n".join(_lines(value, 0)) + "\n"
    return _scalar(value, 0) + "\n"


def keys_fit(value: dict[str, Any] | list[Any]) -> bool:
    """Tell whether a collection's own keys can stand in the file: not overlong, no lone surrogate."""
    return not isinstance(value, dict) or all(len(key) <= _LONGEST_KEY and not _surrogate(key) for key in value)


def _surrogate(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


def _lines(value: Any, indent: int) -> Iterator[str]:
    """Yield the lines of a collection that is not empty."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _entry(f"{' ' * indent}{_key(key)}:", item, indent)
    else:
        for item in value:
            yield from _item(item, indent)


def _entry(head: str, value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, dict | list) and value:
        yield head
        yield from _lines(value, indent + _STEP)
    else:
        yield f"{head} {_scalar(value, indent)}"


def _item(value: Any, indent: int) -> Iterator[str]:
    dash = f"{' ' * indent}-"
    if isinstance(value, dict | list) and value:
        inner = _lines(value, indent + _STEP)
        first = next(inner)
        yield f"{dash} {first[indent + _STEP :]}"
        yield from inner
    else:
        yield f"{dash} {_scalar(value, indent)}"


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) and not _RETYPED.fullmatch(key) else f'"{_escape(key, newline=True)}"'


def _scalar(value: Any, indent: int) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value, indent)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return repr(value)
    if isinstance(value, dict | list) and not value:
        return "{}" if isinstance(value, dict) else "[]"
    raise ValueError(f"{type(value).__name__} is not a JSON value")


def _string(text: str, indent: int) -> str:
    if len(text) <= _LONGEST_PLAIN and _PLAIN.fullmatch(text) and not _RETYPED.fullmatch(text):
        return text
    inner = " " * (indent + _STEP)
    blockable = not (_HIDDEN.search(text) or _STRIPPED.search(text) or _LEADING_TAB.search(text))
    if blockable and ("\n" in text.rstrip("\n") or len(text) > _LONGEST_PLAIN) and text.strip():
        return "\n".join([_block_header(text), *(inner + line if line else "" for line in _block_lines(text))])
    if "\n" in text[:-1]:
        parts = text.split("\n")
        lines = [_continued(part) + "\\n\\" for part in parts[:-1]]
        return '"\\\n' + "\n".join(inner + line for line in [*lines, _continued(parts[-1])]) + '"'
    return f'"{_escape(text, newline=True)}"'


def _block_header(text: str) -> str:
    indicator = str(_STEP) if text[0] in " \n" else ""
    ends = len(text) - len(text.rstrip("\n"))
    return "|" + indicator + ("-" if ends == 0 else "" if ends == 1 else "+")


def _block_lines(text: str) -> list[str]:
    return (text.removesuffix("\n")).split("\n")


def _continued(line: str) -> str:
    """Return one line of a folded double-quoted text; spaces at its start must not be taken for indentation."""
    escaped = _escape(line, newline=False)
    return f"\\{escaped}" if escaped.startswith(" ") else escaped


def _escape(text: str, newline: bool) -> str:
    escaped = _ESCAPED.sub(_escape_one, text)
    return escaped.replace("\n", "\\n") if newline else escaped


def _escape_one(match: re.Match[str]) -> str:
    character = match.group()
    return _SHORT[character] if character in _SHORT else by_number(character)
